"""Every shape of function that Python has is recorded as one call, with its parent."""

import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from hotdash.localapi.runtime.instrument import Instrument
from hotdash.localapi.runtime.limits import TRACE_CALLS
from hotdash.localapi.runtime.snapshot import Snapshot
from hotdash.localapi.runtime.tracer import Recorder, Tracer
from tests.localapi.runtime.traced import MODULES, Trace


@pytest.fixture
def tracer() -> Tracer:
    return Tracer()


@pytest.fixture
def shop(tmp_path: Path, tracer: Tracer) -> Iterator[ModuleType]:
    """The modules above, imported and instrumented as a template does it."""
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text)
    sys.path.insert(0, str(tmp_path))
    try:
        importlib.invalidate_caches()
        modules = [importlib.import_module(name) for name in sorted(MODULES)]
        Instrument(tracer, tmp_path).install(modules)
        yield modules[0]
    finally:
        sys.path.remove(str(tmp_path))
        for name in MODULES:
            del sys.modules[name]


@pytest.fixture
def trace(tracer: Tracer) -> Trace:
    """What is recorded from now on."""
    trace = Trace()
    tracer.recorder = Recorder(trace.sent.append, Snapshot(), MODULES)
    return trace


def test_a_call_is_sent_when_it_starts_and_again_when_it_ends(
    shop: ModuleType, trace: Trace
) -> None:
    shop.plain(1)
    assert [(m["seq"], "stop" in m) for m in trace.sent] == [
        (1, False),
        (2, False),
        (2, True),
        (1, True),
    ]


def test_arguments_are_named(shop: ModuleType, trace: Trace) -> None:
    shop.plain(1, 5, 6, 7, word="x", other=None)
    assert trace.calls()[0]["args"] == ('{"a": 1, "b": 5, "*": [6, 7], "word": "x", "other": null}')
    assert trace.calls()[0]["value"] == "6"


@pytest.mark.parametrize("name", ["by_alias", "by_module"])
def test_a_function_is_recorded_whatever_it_is_called_by(
    shop: ModuleType, trace: Trace, name: str
) -> None:
    assert getattr(shop, name)(4) == 4
    assert trace.tree() == [(None, name.replace("_", "-")), (1, "leaf")]


def test_an_exception_is_the_callers_too_and_its_origin_is_the_innermost(
    shop: ModuleType, trace: Trace, tracer: Tracer
) -> None:
    with pytest.raises(LookupError) as caught:
        shop.fails(3)
    fails, leaf = trace.calls()
    assert fails["error"] == '{"type": "LookupError", "msg": "changed"}'
    assert leaf["value"] == '"xxx"'
    assert tracer.recorder is not None
    origin = tracer.recorder.origin_of(caught.value)
    assert origin is not None
    assert origin.seq == 1


def test_methods_of_every_kind_are_recorded(shop: ModuleType, trace: Trace) -> None:
    cart = shop.Cart.make(2)
    assert (cart.add(3), shop.Cart.price(4), cart.size, shop.Cart.Line().weight()) == (5, 4, 2, 3)
    assert trace.tree() == [
        (None, "Cart.make"),
        (1, "Cart"),
        (None, "Cart.add"),
        (3, "leaf"),
        (None, "Cart.price"),
        (5, "leaf"),
        (None, "Cart.Line.weight"),
        (7, "leaf"),
    ]
    assert trace.calls()[2]["args"] == '{"self": "<Cart>", "k": 3}'


def test_what_python_generates_for_a_class_is_not_recorded(shop: ModuleType, trace: Trace) -> None:
    assert shop.Point(1).moved() == shop.Point(2)
    assert trace.tree() == [(None, "Point.moved")]


def test_a_generator_is_one_call_and_not_its_consumers_parent(
    shop: ModuleType, trace: Trace
) -> None:
    assert shop.consume(2) == 2
    assert trace.tree() == [
        (None, "consume"),
        (1, "items"),
        (2, "leaf"),
        (1, "twice"),
        (4, "leaf"),
        (2, "leaf"),
        (1, "twice"),
        (7, "leaf"),
    ]
    assert trace.calls()[1]["value"] == '"exhausted"'


def test_a_generator_is_not_a_call_before_its_first_item(shop: ModuleType, trace: Trace) -> None:
    waiting = shop.items(3)
    assert trace.sent == []
    assert next(waiting) == 0
    assert trace.tree() == [(None, "items"), (1, "leaf")]


def test_a_generator_that_is_dropped_half_way_is_closed(shop: ModuleType, trace: Trace) -> None:
    assert shop.first_of(3) == 0
    items = trace.calls()[1]
    assert (items["var"], "stop" in items, "error" in items) == ("items", True, False)


def test_a_generator_still_takes_what_is_sent_and_returns_its_value(
    shop: ModuleType, trace: Trace
) -> None:
    delegating = shop.delegate(5)
    assert next(delegating) == 0
    with pytest.raises(StopIteration) as stop:
        delegating.send("stop")
    assert stop.value.value == "stopped"


def test_a_generator_that_raises_is_a_failed_call(shop: ModuleType, trace: Trace) -> None:
    with pytest.raises(ValueError, match="no more"):
        list(shop.broken_items())
    assert trace.calls()[0]["error"] == '{"type": "ValueError", "msg": "no more"}'


def test_async_calls_side_by_side_keep_their_parents(shop: ModuleType, trace: Trace) -> None:
    assert asyncio.run(shop.together()) == [1, 2]
    assert sorted(trace.tree(), key=str) == [
        (1, "nap"),
        (1, "nap"),
        (2, "leaf"),
        (3, "leaf"),
        (None, "together"),
    ]


def test_an_async_call_is_open_until_it_ends(shop: ModuleType, trace: Trace) -> None:
    with pytest.raises(ValueError, match="later"):
        asyncio.run(shop.fails_later())
    assert trace.calls()[0]["error"] == '{"type": "ValueError", "msg": "later"}'


def test_an_async_generator_is_one_call(shop: ModuleType, trace: Trace) -> None:
    assert asyncio.run(shop.count_ticks(2)) == [0, 1]
    assert trace.tree() == [(None, "count-ticks"), (1, "ticks"), (2, "leaf"), (2, "leaf")]
    assert "stop" in trace.calls()[1]


@pytest.mark.parametrize(
    ("use", "seen"),
    [
        (lambda shop: shop.opened().__enter__(), ["leaf"]),
        (lambda shop: shop.cached(1), ["leaf"]),
        (lambda shop: shop.nested(2), ["nested"]),
        (lambda shop: shop.shortcut(1), []),
    ],
)
def test_what_other_code_wrapped_is_left_alone(
    shop: ModuleType, trace: Trace, use: Callable[[ModuleType], object], seen: list[str]
) -> None:
    use(shop)
    assert [call["var"] for call in trace.calls()] == seen


def test_calls_above_the_cap_are_made_and_not_recorded(shop: ModuleType, trace: Trace) -> None:
    for _ in range(TRACE_CALLS + 10):
        assert shop.plain(1) == 3
    assert len(trace.calls()) == TRACE_CALLS


def test_outside_a_run_nothing_is_recorded(shop: ModuleType, tracer: Tracer) -> None:
    assert tracer.recorder is None
    assert shop.plain(1) == 3
