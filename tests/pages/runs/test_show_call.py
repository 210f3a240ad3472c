"""The chosen call beside the waterfall."""

from tests import samples
from tests.cast import Cast
from tests.pages.runs.visit import visit
from tests.reading import one, select, text_of
from tests.upstream import FakeUpstream


def test_another_call_is_said_to_those_who_do_not_see_it(
    cast: Cast, upstream: FakeUpstream
) -> None:
    made = samples.run(event_id=None)
    upstream.show(made, [samples.call(1), samples.call(2, error={"type": "T", "msg": "no"})])
    page = visit(cast, made)
    assert one(page, "#said").attributes["role"] == "status"
    assert select(page, "[data-said]") == []
    part = visit(cast, made, part="call", query={"call": 2})
    assert text_of(one(part, "#call [data-said]")) == "Call 2, step-2, failed"
