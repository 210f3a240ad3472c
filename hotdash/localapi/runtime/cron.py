"""When a schedule is due: five fields, in UTC, to the minute."""

from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

_MAX_CHARACTERS = 200
_FIELDS = 5
_WINDOWS = (timedelta(hours=1), timedelta(days=1), timedelta(days=32))


class BadCron(Exception):
    """A text that is no schedule; it says why."""


def check_cron(cron: str) -> None:
    """Raise BadCron unless the text has five fields that are due some day."""
    next_due(cron, datetime(2000, 1, 1, tzinfo=UTC))


def next_due(cron: str, after: datetime) -> datetime:
    """Return the first due time after another; raise BadCron."""
    shown = cron[:_MAX_CHARACTERS]
    if len(cron) > _MAX_CHARACTERS or len(cron.split()) != _FIELDS:
        raise BadCron(f"{shown!r} is no schedule: it needs five fields, like '*/5 * * * *'")
    try:
        return next(CronSim(cron, after.astimezone(UTC)))
    except CronSimError as error:
        raise BadCron(f"{shown!r} is no schedule: {error}") from None
    except StopIteration:
        raise BadCron(f"{shown!r} is no schedule: it is never due") from None


def latest_due(cron: str, first: datetime, now: datetime) -> datetime:
    """Return the last due time that is not after now, where `first` is one of them."""
    latest = first
    for window in _WINDOWS:  # a schedule that slept for a year is not stepped through
        if now - window > first and (due := next_due(cron, now - window)) <= now:
            latest = due
            break
    while (following := next_due(cron, latest)) <= now:
        latest = following
    return latest
