"""Where the bars of a trace lie: calls on one clock, in percent of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from hotdash.gateway.traces import Call
from hotdash.kit.formats import duration

Span = tuple[float, float]  # milliseconds of the clock: from, to
Kind = Literal["span", "self", "run", "fail", "end"]

NARROWEST = 0.4  # percent: a bar that can still be seen
# own-time pieces drawn in one bar, more than can be told apart; the longest are kept
SEGMENTS = 120
TICKS = (25, 50, 75, 100)


@dataclass(frozen=True)
class Bar:
    """One rectangle of a row's SVG, across; how it lies in the row follows from its kind."""

    kind: Kind
    x: str
    width: str


@dataclass(frozen=True)
class Clock:
    """The stretch of time that a waterfall shows; every moment is given in milliseconds of it."""

    start: datetime
    length_ms: float

    def at(self, moment: datetime) -> float:
        """Return the moment in milliseconds since the start, never outside the clock."""
        return min(max(0.0, (moment - self.start) / timedelta(milliseconds=1)), self.length_ms)

    def span(self, call: Call) -> Span:
        """Return when the call started and ended; one still open ends where the clock does."""
        start = self.at(call.start_time) if call.start_time else 0.0
        stop = self.at(call.stop_time) if call.stop_time else self.length_ms
        return start, max(start, stop)

    def percent(self, milliseconds: float) -> float:
        """Return that many milliseconds in percent of the clock."""
        return 100 * milliseconds / self.length_ms

    def ticks(self) -> tuple[tuple[str, str], ...]:
        """Return the marks of the axis: percent, nothing for its beginning, and text."""
        later = ((f"{at}%", duration(self.length_ms * at / 100)) for at in TICKS)
        return (("", "0"), *later)


def clock_of(start: datetime | None, stop: datetime | None, calls: Iterable[Call]) -> Clock:
    """Return the clock that runs from a run's start to its end, or to now, and holds every call."""
    held = tuple(calls)
    starts = [moment for moment in (start, *(call.start_time for call in held)) if moment]
    stops = [moment for moment in (stop, *(call.stop_time for call in held)) if moment]
    last = max(stops if stop else (*stops, datetime.now(UTC)))
    first = min(starts, default=last)
    return Clock(first, max(0.001, (last - first) / timedelta(milliseconds=1)))


def own_time(span: Span, below: Iterable[Span]) -> tuple[Span, ...]:
    """Return the stretches of a call in which no call below it ran; parallel calls count once."""
    start, stop = span
    pieces: list[Span] = []
    for first, last in sorted(below):
        if first > start:
            pieces.append((start, min(first, stop)))
        start = max(start, last)
    if start < stop:
        pieces.append((start, stop))
    return tuple(pieces)


def draw(clock: Clock, kind: Kind, span: Span) -> Bar:
    """Return the bar of a stretch of time, wide enough to be seen and never off the edge."""
    width = max(NARROWEST, clock.percent(span[1] - span[0]))
    x = min(clock.percent(span[0]), 100 - width)
    return Bar(kind, f"{x:.2f}%", f"{width:.2f}%")


def draw_own(clock: Clock, pieces: Sequence[Span]) -> tuple[Bar, ...]:
    """Return the bars of a call's own time; of very many pieces only the longest are drawn."""
    longest = sorted(pieces, key=lambda piece: piece[0] - piece[1])[:SEGMENTS]
    return tuple(draw(clock, "self", piece) for piece in sorted(longest))


def draw_end(clock: Clock, span: Span) -> Bar:
    """Return the red mark at the end of a call that raised."""
    x = min(clock.percent(span[1]), 99.65)
    return Bar("end", f"{x:.2f}%", "3")
