"""From a run one publishes its event again: as it was, or with changes."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.pages.runs.visit import address, visit
from tests.reading import one, select, text_of
from tests.samples import Wire, event, run
from tests.upstream import FakeUpstream

EVENTS = "/acme/development/events/"
ACTIONS = ".page-actions"


def shown(upstream: FakeUpstream, **changes: Any) -> Wire:
    made = run(**changes)
    upstream.show(made, [], event(event_id=made["event_id"]) if made["event_id"] else None)
    upstream.many(f"/runs/{made['run_id']}/stream-data", [])
    return made


def test_it_leads_to_both(cast: Cast, upstream: FakeUpstream):
    made = shown(upstream)
    answer = visit(cast, made)
    form = one(answer, f"{ACTIONS} form").attributes
    assert form["action"] == f"{EVENTS}{made['event_id']}/again/"
    edit = [link.attributes["href"] for link in select(answer, f"{ACTIONS} a")]
    assert edit == [f"{EVENTS}new/?event={made['event_id']}"]


@pytest.mark.parametrize("changes", [{"event_id": None}, {"run_type": "schedule"}])
def test_what_no_event_or_the_platforms_own_started_offers_neither(
    cast: Cast, upstream: FakeUpstream, changes: Wire
):
    answer = visit(cast, shown(upstream, **changes))
    assert select(answer, f"{ACTIONS} form, {ACTIONS} a") == []


def test_a_viewer_is_told_who_may(cast: Cast, upstream: FakeUpstream):
    made = shown(upstream)
    answer = cast.browser(cast.vera).get(address(made))
    assert select(answer, f"{ACTIONS} form, {ACTIONS} a") == []
    assert "It takes an owner, an admin or a member." in text_of(one(answer, ACTIONS))
