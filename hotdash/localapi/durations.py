"""The `time_range` filter: a strict ISO-8601 duration back from now (contract 5.6)."""

import calendar
import re
from datetime import datetime, timedelta

_DURATION = re.compile(
    r"P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?"
)
_LONGEST = timedelta(days=3660)


def beginning_of(time_range: str, now: datetime) -> datetime | None:
    """Return the time that lies the duration before `now`; None where it means no filter.

    Lower case, fractions, zero, more than 3660 days and whatever else is no duration are ignored,
    as the platform ignores them. Years and months follow the calendar.
    """
    match = _DURATION.fullmatch(time_range)
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (
        int(part or 0) for part in match.groups()
    )
    rest = timedelta(days=min(weeks, 9999) * 7) + timedelta(
        days=min(days, 9999), hours=hours, minutes=minutes, seconds=seconds
    )
    bound = rest + timedelta(days=min(years, 9999) * 366 + min(months, 9999) * 31)
    if not timedelta(0) < bound <= _LONGEST:
        return None
    return _months_before(now, years * 12 + months) - rest


def _months_before(now: datetime, months: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))
