"""The tabs of a run: each has its own address; only those that the server has something for."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotdash.kit.formats import number
from hotdash.pages.runs.run_frame import Frame


@dataclass(frozen=True)
class Tab:
    """One tab: its name, which is its view's but for the trace, and a count or nothing."""

    name: str
    words: str
    view: str
    is_open: bool
    count: str = ""


def tabs_of(frame: Frame, opened: str) -> Iterator[Tab]:
    """Yield the tabs; where the server records no calls a run opens on its result."""
    if frame.is_traced:
        count = number(frame.calls) if frame.calls or frame.run.status == "running" else ""
        yield Tab("trace", "Trace", "runs:show", opened == "trace", count)
    elif opened == "trace":
        opened = "result"
    yield Tab("input", "Input", "runs:input", opened == "input")
    yield Tab("result", "Result", "runs:result", opened == "result")
    if frame.variables:
        count = number(frame.variables)
        yield Tab("variables", "Variables", "runs:variables", opened == "variables", count)
    yield Tab("raw", "Raw", "runs:raw", opened == "raw")
