"""Where a run comes from and what it set off: what the server says, and what was read for it."""

import pytest

from tests.cast import Cast
from tests.pages.runs.visit import address, visit
from tests.reading import attribute, one, said, select, text_of
from tests.samples import Wire, at, call, event, new_id, platform, run
from tests.troubles import TROUBLES, bring
from tests.upstream import FakeUpstream


def show_family(upstream: FakeUpstream) -> tuple[Wire, list[Wire]]:
    """A third attempt that sent an event, which started one run."""
    first = run("failed", attempt=1, retry_max=2)
    second = run("failed", attempt=2, retry_max=2, origin_run_id=first["run_id"])
    third = run(attempt=3, retry_max=2, origin_run_id=second["run_id"])
    placed = event(event_id=first["event_id"])
    again = event(event_id=third["event_id"], source="retry", origin_run_id=second["run_id"])
    sent = event("order:confirmed", source="run", origin_run_id=third["run_id"])
    started = run("running", event_id=sent["event_id"], var="ship")
    upstream.show(third, [call()], again)
    upstream.one(f"/runs/{second['run_id']}", second)
    upstream.many("/runs", [started, third, second, first])
    upstream.many("/events", [sent, again, placed])
    return third, [first, second, started]


def nodes(response: object) -> list[str]:
    return [text_of(node) for node in select(response, ".lineage-node")]


def test_the_line_goes_from_the_event_through_the_attempts_to_what_was_sent(
    cast: Cast, upstream: FakeUpstream
):
    made, (first, _, started) = show_family(upstream)
    answer = visit(cast, made, "lineage/", part="lineage")
    assert nodes(answer) == [
        "order:placed event, 12:00",
        "failed Attempt 1 250 ms",
        "failed Attempt 2 250 ms",
        "succeeded Attempt 3, this run 250 ms",
        "order:confirmed event, 12:00",
        "running ship running",
    ]
    links = [node.attributes["href"] for node in select(answer, ".lineage-node[href]")]
    assert links[0] == f"/acme/development/events/{first['event_id']}/"
    assert links[1] == address(first)
    assert links[-1] == address(started)


def test_it_is_loaded_after_the_page(cast: Cast, upstream: FakeUpstream):
    made, _ = show_family(upstream)
    answer = visit(cast, made)
    assert attribute(answer, "#lineage a", "hx-trigger") == "load"
    assert attribute(answer, "#lineage a", "hx-get") == address(made, "lineage/")
    assert attribute(answer, "#lineage a", "href") == address(made, "lineage/")
    assert not upstream.seen("/events")


def test_by_its_own_address_it_is_a_page(cast: Cast, upstream: FakeUpstream):
    made, _ = show_family(upstream)
    answer = visit(cast, made, "lineage/")
    assert text_of(one(answer, "h1")) == "Where this run comes from"
    assert len(nodes(answer)) == 6


def test_it_asks_for_the_stream_where_the_server_filters_by_it(cast: Cast, upstream: FakeUpstream):
    made, _ = show_family(upstream)
    answer = visit(cast, made, "lineage/")
    assert upstream.seen("/runs")[0].params["stream_id"] == made["stream_id"]
    assert upstream.seen("/events")[0].params["stream_id"] == made["stream_id"]
    assert "Drawn from all 3 events and all 4 runs of this stream." in said(answer)


def test_elsewhere_it_searches_the_newest_of_the_environment_and_says_so(
    cast: Cast, upstream: FakeUpstream
):
    made, others = show_family(upstream)
    upstream.extensions = ("trace", "senders")
    upstream.many("/runs", [made, *others], total=900)
    answer = visit(cast, made, "lineage/")
    assert upstream.seen("/runs")[0].params == {"limit": "200", "offset": "0"}
    assert "the newest 200 runs of this environment" in said(answer)


def test_a_server_that_names_no_senders_is_not_asked_for_events(cast: Cast, upstream: FakeUpstream):
    made = platform(run())
    upstream.extensions = ()
    upstream.show(made, [], platform(event(event_id=made["event_id"])))
    later = platform(run("failed", origin_run_id=made["run_id"]))
    upstream.many("/runs", [later, made])
    answer = visit(cast, made, "lineage/", part="lineage")
    assert "This server does not say which run sent an event" in said(answer)
    assert [node.split()[0] for node in nodes(answer)] == ["order:placed", "succeeded", "failed"]


def test_sent_by_is_drawn_only_where_the_server_says_so(cast: Cast, upstream: FakeUpstream):
    made, sender = run(), run(var="checkout")
    own = event(event_id=made["event_id"], source="run", origin_run_id=sender["run_id"])
    upstream.show(made, [], own)
    upstream.many("/runs", [made, sender])
    upstream.many("/events", [own])
    answer = visit(cast, made, "lineage/", part="lineage")
    assert "Sent by checkout" in nodes(answer)[0]
    upstream.one(f"/events/{own['event_id']}", own | {"source": "api"})
    upstream.many("/events", [])
    assert "Sent by" not in said(visit(cast, made, "lineage/", part="lineage"))


def test_a_sender_that_was_not_read_is_named_by_its_id(cast: Cast, upstream: FakeUpstream):
    made, sender = run(), new_id()
    own = event(event_id=made["event_id"], source="run", origin_run_id=sender)
    upstream.show(made, [], own)
    upstream.many("/runs", [made])
    upstream.many("/events", [own])
    assert f"Sent by {sender[-12:]}" in nodes(visit(cast, made, "lineage/"))[0]


def test_other_runs_of_the_same_event_stand_beside_it(cast: Cast, upstream: FakeUpstream):
    made = run()
    own = event(event_id=made["event_id"])
    upstream.show(made, [], own)
    beside = [run(event_id=made["event_id"], var=f"other-{n}") for n in range(9)]
    upstream.many(f"/events/{own['event_id']}/runs", [made, *beside])
    upstream.many("/runs", [made, *beside])
    upstream.many("/events", [own])
    answer = visit(cast, made, "lineage/", part="lineage")
    assert len(nodes(answer)) == 2 + 6
    assert "3 more are not drawn." in said(answer)


def test_a_schedule_is_named_as_one(cast: Cast, upstream: FakeUpstream):
    made = run(run_type="schedule")
    own = event("hot:schedule", event_id=made["event_id"], source="schedule", event_time=at(60))
    upstream.show(made, [], own)
    upstream.many("/runs", [made])
    upstream.many("/events", [own])
    assert nodes(visit(cast, made, "lineage/"))[0] == "hot:schedule schedule, 12:01"


def test_runs_that_name_each_other_as_origin_end(cast: Cast, upstream: FakeUpstream):
    one_run = run()
    other = run(origin_run_id=one_run["run_id"])
    one_run["origin_run_id"] = other["run_id"]
    upstream.show(one_run, [], event(event_id=one_run["event_id"]))
    upstream.one(f"/runs/{other['run_id']}", other)
    upstream.many("/runs", [one_run, other])
    upstream.many("/events", [])
    assert visit(cast, one_run, "lineage/").status_code == 200


def test_no_more_than_two_rounds_of_calls(cast: Cast, upstream: FakeUpstream):
    made, _ = show_family(upstream)
    visit(cast, made, "lineage/")
    paths = [seen.path for seen in upstream.calls]
    assert len(paths) == 6
    assert set(paths[:2]) == {f"/runs/{made['run_id']}", "/status"}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("path", ["/runs", "/events"])
def test_trouble_around_the_run_is_the_panels_own(
    cast: Cast, upstream: FakeUpstream, path: str, trouble: str
):
    made, _ = show_family(upstream)
    bring(upstream, path, trouble)
    answer = visit(cast, made, "lineage/", part="lineage")
    assert answer.status_code == 200
    assert TROUBLES[trouble][1] in said(answer)
    assert attribute(answer, ".alert a", "hx-get") == address(made, "lineage/")
    assert any("this run" in node for node in nodes(answer))


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_run_itself_keeps_its_status(
    cast: Cast, upstream: FakeUpstream, trouble: str
):
    made, _ = show_family(upstream)
    bring(upstream, f"/runs/{made['run_id']}", trouble)
    answer = visit(cast, made, "lineage/", part="lineage")
    assert answer.status_code == TROUBLES[trouble][0]
    assert TROUBLES[trouble][1] in said(answer)


def test_what_a_run_sent_is_not_drawn_behind_its_later_attempts(cast: Cast, upstream: FakeUpstream):
    made = run("failed", attempt=1, retry_max=1)
    again = run("failed", attempt=2, retry_max=1, origin_run_id=made["run_id"])
    sent = event("order:doubted", source="run", origin_run_id=made["run_id"])
    upstream.show(made, [], event(event_id=made["event_id"]))
    upstream.many("/runs", [again, made])
    upstream.many("/events", [sent])
    branches = select(visit(cast, made, "lineage/"), ".lineage-branch")
    assert [text_of(branch) for branch in branches] == [
        "failed Attempt 2 250 ms",
        "order:doubted event, 12:00",
    ]
