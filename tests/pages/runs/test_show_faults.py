"""A run's page when its Hot API is in trouble: as a page and as a part, with both generations."""

import pytest

from tests.cast import Cast
from tests.pages.runs.visit import address, visit
from tests.reading import attribute, one, said, select, text_of
from tests.samples import Wire, call, event, failure, platform, run
from tests.troubles import TROUBLES, bring
from tests.upstream import FakeUpstream

TABS = ["", "input/", "result/", "raw/", "variables/"]


def show_embedded(upstream: FakeUpstream) -> Wire:
    made = run("failed", result=failure("no stock", {"type": "Boom"}))
    calls = [call(1, error={"type": "Boom", "msg": "no stock"}, value=None)]
    upstream.show(made, calls, event(event_id=made["event_id"]))
    return made


def show_platform(upstream: FakeUpstream) -> Wire:
    made = platform(run("failed"))
    upstream.extensions = ()
    upstream.one(f"/runs/{made['run_id']}", made)
    upstream.refuse(f"/runs/{made['run_id']}/vars", 404)
    upstream.one(f"/events/{made['event_id']}", platform(event(event_id=made["event_id"])))
    upstream.many(f"/projects/{made['project_id']}/event-handlers", [])
    return made


GENERATIONS = [show_embedded, show_platform]


@pytest.mark.parametrize("show", GENERATIONS)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_run_is_a_page_in_words(
    cast: Cast, upstream: FakeUpstream, show, trouble: str
):
    made = show(upstream)
    request_id = bring(upstream, f"/runs/{made['run_id']}", trouble)
    status, title = TROUBLES[trouble]
    answer = visit(cast, made)
    assert answer.status_code == status
    assert text_of(one(answer, "main h1")) == title
    assert select(answer, "header.topbar")
    assert request_id[-12:] in said(answer)


@pytest.mark.parametrize("show", GENERATIONS)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_run_is_a_part_in_the_same_words(
    cast: Cast, upstream: FakeUpstream, show, trouble: str
):
    made = show(upstream)
    bring(upstream, f"/runs/{made['run_id']}", trouble)
    status, title = TROUBLES[trouble]
    answer = visit(cast, made, part="details")
    assert answer.status_code == status
    assert title in said(answer)
    assert not select(answer, "html > head > title, header.topbar")


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_fails_in_the_same_words(cast: Cast, upstream: FakeUpstream, tab: str):
    made = show_embedded(upstream)
    bring(upstream, f"/runs/{made['run_id']}", "slow")
    assert visit(cast, made, tab).status_code == 504


def test_429_passes_the_wait_on(cast: Cast, upstream: FakeUpstream):
    made = show_embedded(upstream)
    bring(upstream, f"/runs/{made['run_id']}", "429")
    answer = visit(cast, made)
    assert answer["Retry-After"] == "7"
    assert "try again in 7 s" in said(answer)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_trace_is_the_panels_own(cast: Cast, upstream: FakeUpstream, trouble: str):
    made = show_embedded(upstream)
    bring(upstream, f"/runs/{made['run_id']}/vars", trouble)
    answer = visit(cast, made)
    assert answer.status_code == 200
    assert text_of(one(answer, ".verdict strong")) == "no stock."
    assert text_of(one(answer, "#details .alert strong")) == TROUBLES[trouble][1]
    assert attribute(answer, "#details .alert a", "href") == address(made)
    assert attribute(answer, "#details .alert a", "hx-target") == "#details"


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_event_leaves_the_trace_alone(
    cast: Cast, upstream: FakeUpstream, trouble: str
):
    made = show_embedded(upstream)
    bring(upstream, f"/events/{made['event_id']}", trouble)
    answer = visit(cast, made)
    assert answer.status_code == 200
    assert select(answer, ".waterfall")
    assert "Waited" not in text_of(one(answer, ".facts"))
    panel = visit(cast, made, "input/", part="details")
    assert panel.status_code == 200
    assert TROUBLES[trouble][1] in said(panel)
    assert attribute(panel, ".alert a", "href") == address(made, "input/")


def test_trouble_with_the_handlers_only_costs_the_name(cast: Cast, upstream: FakeUpstream):
    made = show_platform(upstream)
    bring(upstream, f"/projects/{made['project_id']}/event-handlers", "html")
    answer = visit(cast, made)
    assert answer.status_code == 200
    assert text_of(one(answer, "h1")) == "order:placed"


def test_an_id_that_is_none_is_no_page(cast: Cast):
    answer = cast.browser(cast.mia).get("/acme/development/runs/not-an-id/")
    assert answer.status_code == 404
    assert "There is no such page" in said(answer)


def test_a_stranger_learns_nothing_of_a_run(cast: Cast, upstream: FakeUpstream):
    made = show_embedded(upstream)
    answer = cast.browser(cast.stan).get(address(made))
    assert answer.status_code == 404
    assert not upstream.calls
