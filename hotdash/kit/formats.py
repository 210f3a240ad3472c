"""How hotdash writes durations, moments, ids, sizes and outside text."""

import re
from datetime import UTC, datetime, timedelta

THIN = "\N{NARROW NO-BREAK SPACE}"  # between a figure and its unit: never a line break

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\N{ARABIC LETTER MARK}\N{ZERO WIDTH SPACE}\u200e\u200f"
    "\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)


def duration(milliseconds: float | None) -> str:
    """Write a length of time in the figures that matter: 182 ms, 2.31 s, 4 min 12 s."""
    if milliseconds is None:
        return ""
    if 0 < milliseconds < 0.9995:
        return f"{max(1, round(milliseconds * 1000))}{THIN}µs"
    if milliseconds < 999.5:
        return f"{max(0, round(milliseconds))}{THIN}ms"
    seconds = milliseconds / 1000
    if seconds < 59.995:
        return f"{seconds:.2f}{THIN}s" if seconds < 9.995 else f"{seconds:.1f}{THIN}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}{THIN}min {rest:02d}{THIN}s"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours}{THIN}h {minutes:02d}{THIN}min"
    return f"{hours // 24}{THIN}d {hours % 24}{THIN}h"


def milliseconds_between(start: datetime | None, stop: datetime | None) -> float | None:
    """Return how long it took, None while an end is missing; clocks that disagree give 0."""
    if start is None or stop is None:
        return None
    return max(0.0, (stop - start) / timedelta(milliseconds=1))


def ago(at: datetime | None, now: datetime | None = None) -> str:
    """Write how long ago a moment was, coarsely: 12 s ago, 4 min ago; a date after a week."""
    if at is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    if seconds < 0:
        return "now" if seconds > -1 else f"in {_coarse(-seconds)}"
    if seconds < 1:
        return "now"
    if seconds < 7 * 86_400:
        return f"{_coarse(seconds)} ago"
    return day(at)


def _coarse(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds // size)}{THIN}{unit}"
    return f"{int(seconds)}{THIN}s"


def day(at: datetime) -> str:
    """Write the day in British order: 22 Nov 2026."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}"


def exact(at: datetime | None) -> str:
    """Write a moment to the millisecond, in UTC: 22 Nov 2026, 14:06:18.000 UTC."""
    return "" if at is None else f"{day(at)}, {clock_ms(at)} UTC"


def iso(at: datetime | None) -> str:
    """Write a moment for the datetime attribute of <time>: 2026-11-22T14:06:18.000Z."""
    if at is None:
        return ""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clock(at: datetime | None) -> str:
    """Write the hour and minute in UTC: 14:07."""
    return "" if at is None else f"{at.astimezone(UTC):%H:%M}"


def clock_ms(at: datetime | None) -> str:
    """Write the time of day to the millisecond in UTC: 14:06:15.689."""
    return "" if at is None else at.astimezone(UTC).time().isoformat(timespec="milliseconds")


def moment(at: datetime | None, now: datetime | None = None) -> str:
    """Write the time of day to the millisecond, after the day where that is not today's."""
    if at is None:
        return ""
    today = (now or datetime.now(UTC)).astimezone(UTC).date()
    written = clock_ms(at)
    return written if at.astimezone(UTC).date() == today else f"{day(at)}, {written}"


def short_id(full: object) -> str:
    """Return the last twelve hex digits of an id: what differs between ids made close together."""
    return str(full or "")[-12:]


def number(count: int | None) -> str:
    """Write a whole number with commas: 2,318."""
    return "" if count is None else f"{count:,}"


def size(count: int | None) -> str:
    """Write a number of bytes: 812 bytes, 1.2 MB."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count}{THIN}byte{'' if count == 1 else 's'}"
    for unit, bytes_each in (("GB", 10**9), ("MB", 10**6)):
        if count >= bytes_each:
            return f"{count / bytes_each:.2f}{THIN}{unit}"
    return f"{count / 1000:.1f}{THIN}kB"


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count and its noun: 1 run, 2,318 runs."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def visible(text: object) -> str:
    """Return outside text with invisible characters shown as symbols; tab and line feed stay."""
    return _INVISIBLE.sub(_symbol, str(text))


def _symbol(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"⟨U+{code:04X}⟩"


def clipped(text: str, length: int) -> str:
    """Return the text in one line of at most that many characters, an ellipsis where it was cut."""
    line = " ".join(text[: length * 2].split())
    return line if len(line) <= length and len(text) <= length * 2 else line[: length - 1] + "…"
