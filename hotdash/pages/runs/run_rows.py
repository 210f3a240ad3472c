"""A call as a row of the waterfall: its bars, its words, and whether it failed the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hotdash.gateway.json_value import Json
from hotdash.gateway.traces import Call
from hotdash.kit.formats import clipped, duration, plural, visible
from hotdash.pages.runs.run_tree import Node
from hotdash.pages.runs.run_waterfall import (
    Bar,
    Clock,
    Kind,
    Span,
    draw,
    draw_end,
    draw_own,
    own_time,
)

PREVIEW = 24  # characters beside a bar
DEEPEST = 12  # levels that are indented; deeper calls stand below each other

State = Literal["", "path", "culprit", "raised", "open", "cut"]
WORDS: dict[State, str] = {"culprit": ", failed", "raised": ", failed", "open": ", running"}


@dataclass(frozen=True)
class Label:
    """A few words beside a bar: right of it, or left of it where there is more room."""

    text: str
    x: str
    is_left: bool


@dataclass(frozen=True)
class Row:
    """What is drawn of a call: text only, since a page draws five hundred.

    `query` asks for the call, `when` is for those who see neither bar nor icon, and `indent` is the
    call's level, no deeper than can be shown. `began` and `ended`, in milliseconds since 1970, are
    only of a run that is under way: there the browser draws the bars, on a clock that goes on.
    """

    call: Call
    query: str
    indent: str
    state: State
    ns: str
    name: str
    took: str
    when: str
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]  # one, or none
    began: str = ""
    ended: str = ""


@dataclass(frozen=True)
class Drawing:
    """What the rows of one waterfall share.

    `known_until` is the last moment for which every call was read, None for all of it: what a call
    that ends later did below itself is not known, so its own time is not drawn. `keep` is what the
    addresses of the rows repeat, so that choosing one keeps the place.
    """

    clock: Clock
    keep: str
    path: frozenset[str]
    culprit: Call | None
    is_live: bool  # the run is under way: what has not ended may yet
    known_until: datetime | None

    def row(self, node: Node) -> Row:
        """Return the call at its place as a row."""
        call = node.call
        span = self.clock.span(call)
        state = self.state(call)
        return Row(
            call=call,
            query=self.query(call.seq),
            indent=str(min(node.depth, DEEPEST)),
            state=state,
            ns=visible(call.ns),
            name=visible(call.var),
            took="cut off" if state == "cut" else duration(span[1] - span[0]),
            when=self._when(state, span, node.depth),
            bars=self._bars(call, span, [self.clock.span(below) for below in node.children]),
            labels=self._labels(call, span),
            began=_epoch(call.start_time) if self.is_live else "",
            ended=_epoch(call.stop_time) if self.is_live else "",
        )

    def _when(self, state: State, span: Span, depth: int) -> str:
        """Say what the bar and the icon show; of a run under way script knows place and level."""
        word = WORDS.get(state, "")
        return word if self.is_live else f"{word}, from {duration(span[0])}, level {depth + 1}"

    def query(self, seq: int) -> str:
        """Return what an address says to choose a call."""
        return f"?{self.keep}call={seq}"

    def state(self, call: Call) -> State:
        """Return how the call ended, or that it has not."""
        if self.culprit is not None and call.call_id == self.culprit.call_id:
            return "culprit"
        if call.call_id in self.path:
            return "path"
        if call.error is not None:
            return "raised"
        if call.stop_time is None:
            return "open" if self.is_live else "cut"
        return ""

    def own_time(self, call: Call, below: Sequence[Span]) -> tuple[Span, ...] | None:
        """Return the call's own stretches of time; None where not all calls below it were read."""
        if self.known_until and (call.stop_time is None or call.stop_time >= self.known_until):
            return None
        return own_time(self.clock.span(call), below)

    def _bars(self, call: Call, span: Span, below: Sequence[Span]) -> tuple[Bar, ...]:
        state = self.state(call)
        whole = draw(self.clock, "span", span)
        if plain := self._plain(state):
            return (draw(self.clock, plain, span),)
        own = self.own_time(call, below)
        bars = (*(() if own and not below else (whole,)), *draw_own(self.clock, own or ()))
        return (*bars, draw_end(self.clock, span)) if state in {"path", "raised"} else bars

    def _plain(self, state: State) -> Kind | None:
        """Return what one bar is where it is drawn whole; while a run goes on, they all are."""
        if state == "culprit" or (self.is_live and state == "raised"):
            return "fail"
        if state == "open":
            return "run"
        return "self" if self.is_live else None

    def _labels(self, call: Call, span: Span) -> tuple[Label, ...]:
        text = call.error.type.rpartition("/")[2] if call.error else preview(call.value)
        start, stop = self.clock.percent(span[0]), self.clock.percent(span[1])
        if not text or self.state(call) == "path":
            return ()
        if stop < 70 or self.is_live:
            return (Label(visible(clipped(text, PREVIEW)), f"{stop:.2f}%", is_left=False),)
        if start > 30:
            return (Label(visible(clipped(text, PREVIEW)), f"{start:.2f}%", is_left=True),)
        return ()


def _epoch(moment: datetime | None) -> str:
    return f"{1000 * moment.timestamp():.1f}" if moment else ""


def preview(value: Json | None) -> str:
    """Write a return value in a few words; nothing for none and null."""
    if value is None:
        return ""
    return "" if value.is_large else _few_words(value.value)


def _few_words(value: Any) -> str:
    if isinstance(value, dict):
        kind = value.get("$type")
        return kind.rpartition("/")[2] if isinstance(kind, str) else plural(len(value), "key")
    if isinstance(value, list):
        return plural(len(value), "item")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)[: 2 * PREVIEW]
