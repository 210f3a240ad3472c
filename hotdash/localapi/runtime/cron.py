"""When a schedule is due, in UTC: cron of five fields, of six with seconds first, or English."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cronsim import CronSim, CronSimError

from hotdash.localapi.runtime.english import EXAMPLES, NotUnderstood, crons_of

_MAX_CHARACTERS = 200
_FIELDS = {5, 6}
_FIELD = re.compile(r"[0-9*?,/-]+", re.ASCII)
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_WINDOWS = (timedelta(minutes=2), timedelta(hours=1), timedelta(days=1), timedelta(days=32))


class BadCron(Exception):
    """A text that is no schedule; it says why."""


def check_cron(cron: str) -> None:
    """Raise BadCron unless the text is a schedule that is due some day."""
    next_due(cron, datetime(2000, 1, 1, tzinfo=UTC))


def next_due(cron: str, after: datetime) -> datetime:
    """Return the first due time after another; raise BadCron."""
    return min(_next(one, after, cron) for one in _crons_in(cron))


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


def _next(one: str, after: datetime, written: str) -> datetime:
    try:
        return next(CronSim(one, after.astimezone(UTC)))
    except CronSimError as error:
        raise BadCron(f"{_shown(written)} is no schedule: {error}") from None
    except StopIteration:
        raise BadCron(f"{_shown(written)} is no schedule: it is never due") from None


@lru_cache(maxsize=1024)
def _crons_in(text: str) -> tuple[str, ...]:
    if len(text) > _MAX_CHARACTERS:
        raise BadCron(f"{_shown(text)} is no schedule: it has more than {_MAX_CHARACTERS} letters")
    fields = text.split()
    if text.strip() in _NICKNAMES:
        return (_NICKNAMES[text.strip()],)
    if fields and all(_FIELD.fullmatch(field) for field in fields[:2]):
        if len(fields) not in _FIELDS:
            raise BadCron(
                f"{_shown(text)} is no schedule: cron has five fields, like '*/5 * * * *', or six "
                "with seconds first"
            )
        return (text,)
    try:
        return crons_of(text)
    except NotUnderstood as error:
        raise BadCron(
            f"{_shown(text)} is no schedule: {error}. Write cron, like '*/5 * * * *', or one of "
            f"these kinds, in UTC: {'; '.join(EXAMPLES)}."
        ) from None


def _shown(text: str) -> str:
    return repr(text[:_MAX_CHARACTERS])
