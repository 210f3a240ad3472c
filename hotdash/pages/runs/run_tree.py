"""How the calls of a trace hang together: what called what, and which of them failed the run."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hotdash.gateway.traces import Call


@dataclass(frozen=True)
class Node:
    """A call at its place: `depth` is 0 for a call that no call known here made."""

    call: Call
    depth: int
    children: tuple[Call, ...]


def arrange(calls: Iterable[Call], inside: Sequence[str] = ()) -> tuple[Node, ...]:
    """Return the calls as a tree read downwards: each before those it made, in the order made.

    `inside` names calls by id, outermost first, that are not among these but made some of them.
    """
    made = _by_caller(calls)
    depths = {call_id: depth for depth, call_id in enumerate(inside)}
    waiting = made[None][::-1]
    nodes: list[Node] = []
    while waiting:  # a loop, since a trace may be deeper than Python's stack
        call = waiting.pop()
        depths[call.call_id] = depth = depths.get(call.parent_id or "", -1) + 1
        below = made[call.call_id]
        nodes.append(Node(call, depth, tuple(below)))
        waiting.extend(reversed(below))
    return tuple(nodes)


def failing_path(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return the calls that the run's error came up through, outermost first; the last raised it.

    The error is followed down only while a call below ended with the very same one: what was
    caught on the way, or replaced by another, is not blamed. Empty where no outermost call failed.
    """
    return _follow(
        calls,
        lambda call, above: call.error is not None and (above is None or call.error == above.error),
    )


def open_path(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return the calls that have not ended, outermost first: where a run is, or was cut off."""
    return _follow(calls, lambda call, _: call.stop_time is None)


def chain(calls: Iterable[Call], last: Call) -> tuple[Call, ...]:
    """Return the calls around `last`, outermost first, and itself."""
    known = {call.call_id: call for call in calls}
    path = [last]
    while (above := _caller(path[-1], known)) is not None:
        path.append(above)
    return tuple(reversed(path))


def _follow(
    calls: Iterable[Call], matches: Callable[[Call, Call | None], bool]
) -> tuple[Call, ...]:
    made = _by_caller(calls)
    path: list[Call] = []
    below = [call for call in made[None] if call.parent_id is None]
    while True:
        above = path[-1] if path else None
        found = [call for call in below if matches(call, above)]
        if not found:
            return tuple(path)
        path.append(found[-1])  # the last one: the earlier ones were tried again
        below = made[found[-1].call_id]


def _by_caller(calls: Iterable[Call]) -> defaultdict[str | None, list[Call]]:
    """Group calls by the id of the call that made them, None where that is not among them."""
    ordered = sorted(calls, key=lambda call: call.seq)
    known = {call.call_id: call for call in ordered}
    made: defaultdict[str | None, list[Call]] = defaultdict(list)
    for call in ordered:
        above = _caller(call, known)
        made[above.call_id if above else None].append(call)
    return made


def _caller(call: Call, known: dict[str, Call]) -> Call | None:
    above = known.get(call.parent_id or "")
    return above if above is not None and above.seq < call.seq else None  # no ring can arise
