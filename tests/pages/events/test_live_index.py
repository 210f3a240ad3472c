"""The list of events tells what is new without moving."""

from tests import samples
from tests.cast import Cast
from tests.reading import attribute, select
from tests.upstream import FakeUpstream

EVENTS = "/acme/development/events/"


def test_the_list_listens_counts_events_and_looks_again_after_runs(
    cast: Cast, upstream: FakeUpstream
):
    newest, older = samples.event(), samples.event()
    upstream.many("/events", [newest, older])
    upstream.many("/runs", [])
    answer = cast.browser(cast.mia).get(EVENTS)
    assert "topic=env%3A" in attribute(answer, "#live", "data-live-url")
    assert attribute(answer, "#listing", "data-arrivals") == "event"
    assert attribute(answer, "#listing", "data-newest") == newest["event_id"]
    assert attribute(answer, "#listing", "data-hangs-on") == "run"
    assert attribute(answer, ".arrivals a", "href") == EVENTS


def test_rows_are_read_again_from_the_row_on_that_was_the_first(cast: Cast, upstream: FakeUpstream):
    events = [samples.event() for _ in range(60)]
    upstream.many("/events", events)
    upstream.many("/runs", [])
    answer = cast.browser(cast.mia).get(EVENTS, {"first": events[3]["event_id"]})
    assert attribute(answer, "tbody tr:first-child code.uid", "title") == events[3]["event_id"]
    assert len(select(answer, "tbody tr")) == 50
