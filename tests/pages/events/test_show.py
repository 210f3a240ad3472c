"""An event's page: its data, its source, and the runs that it set off."""

import json

import pytest

from tests import samples
from tests.reading import attribute, heading, one, said, select, text_of
from tests.samples import OMIT, event, event_handler, new_id, platform, project, run
from tests.troubles import TROUBLES, bring

ROOM = "/acme/development/events/"
HOSTILE = '<img src=x onerror=a()>"><b hx-get=/x hx-trigger=load>{{7*7}}]]>\x1b[2J\u202e'


@pytest.fixture
def mia(cast):
    """The browser of a member."""
    return cast.browser(cast.mia)


def tell(upstream, made, runs=(), newest=()):
    """Let the fake tell an event, its runs, and the newest runs around them."""
    upstream.one(f"/events/{made['event_id']}", made)
    upstream.many(f"/events/{made['event_id']}/runs", list(runs))
    upstream.many("/runs", [*runs, *newest])
    return f"{ROOM}{made['event_id']}/"


def run_of(made, status="succeeded", **changes):
    return run(status, event_id=made["event_id"], **changes)


def verdict(response):
    return text_of(one(response, ".verdict strong"))


# --- The event -----------------------------------------------------------------------------------


def test_the_page_names_the_event_and_says_what_it_carries(mia, upstream):
    made = event(event_data={"order": {"id": 7}, "note": "gift"})
    response = mia.get(tell(upstream, made))
    assert heading(response) == "order:placed"
    assert [text_of(key) for key in select(response, ".json .j-key")] == ["order", "id", "note"]


@pytest.mark.parametrize(
    ("source", "words"),
    [("api", "the API"), ("schedule", "a schedule"), ("run", "a run"), ("webhook", "webhook")],
)
def test_the_facts_say_who_published_it(mia, upstream, source, words):
    response = mia.get(tell(upstream, event(source=source)))
    facts = text_of(one(response, ".facts"))
    assert f"By {words}" in facts


@pytest.mark.parametrize(("source", "term"), [("run", "Sent by"), ("retry", "Retry of")])
def test_the_facts_lead_to_the_run_it_comes_from(mia, upstream, source, term):
    origin = new_id()
    response = mia.get(tell(upstream, event(source=source, origin_run_id=origin)))
    assert term in text_of(one(response, ".facts"))
    assert attribute(response, ".facts a", "href") == f"/acme/development/runs/{origin}/"


def test_where_the_server_names_no_source_the_page_names_none(mia, upstream):
    response = mia.get(tell(upstream, platform(event())))
    assert "By" not in text_of(one(response, ".facts")).split()


def test_an_event_without_data_says_so(mia, upstream):
    response = mia.get(tell(upstream, event(event_data=OMIT)))
    assert "The server sends no data of this event." in said(response)


def test_data_that_is_null_is_shown_as_null(mia, upstream):
    response = mia.get(tell(upstream, event(event_data=None)))
    assert text_of(one(response, ".json")) == "null"


def test_large_data_is_begun_and_can_be_downloaded_whole(mia, upstream):
    data = {"text": "x" * 400_000}
    address = tell(upstream, event(event_data=data))
    response = mia.get(address)
    assert "too large to draw as a tree" in said(response)
    file = mia.get(attribute(response, "main a[download]", "href"))
    assert json.loads(b"".join(file.streaming_content)) == data
    assert file["Content-Disposition"].startswith('attachment; filename="event-')


# --- What it set off -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("succeeded", "It set off 1 run, which succeeded."),
        ("failed", "It set off 1 run, which failed."),
        ("running", "It set off 1 run, which is running."),
        ("pending", "It set off 1 run, which waits to start."),
        ("pending_retry", "It set off 1 run, which failed and will be tried again."),
        ("cancelled", "It set off 1 run, which was cancelled."),
        ("odd", "It set off 1 run, which the server calls “odd”."),
    ],
)
def test_the_verdict_says_how_the_one_run_went(mia, upstream, status, sentence):
    made = event()
    assert verdict(mia.get(tell(upstream, made, [run_of(made, status)]))) == sentence


def test_the_verdict_counts_several_runs(mia, upstream):
    made = event()
    runs = [run_of(made), run_of(made, "failed"), run_of(made)]
    sentence = "It set off 3 runs: 2 succeeded, 1 failed."
    assert verdict(mia.get(tell(upstream, made, runs))) == sentence


def test_an_event_without_runs_says_so(mia, upstream):
    response = mia.get(tell(upstream, event()))
    assert verdict(response) == "It has set off no run."
    assert select(response, "#rows") == []


def test_each_run_is_a_row_that_leads_to_its_page(mia, upstream):
    made = event()
    started = run_of(made, "failed", result=samples.failure("card declined"))
    response = mia.get(tell(upstream, made, [started]))
    assert text_of(one(response, "#rows .name")) == "on-placed"
    assert text_of(one(response, "#rows .reason")) == "card declined"
    link = attribute(response, "#rows a.row-link", "href")
    assert link == f"/acme/development/runs/{started['run_id']}/"


def test_later_attempts_are_shown_although_they_have_events_of_their_own(mia, upstream):
    made = event()
    first = run_of(made, "failed", attempt=1, retry_max=2)
    second = run("failed", origin_run_id=first["run_id"], attempt=2, retry_max=2)
    third = run("succeeded", origin_run_id=second["run_id"], attempt=3, retry_max=2)
    stranger = run("succeeded", origin_run_id=new_id())
    response = mia.get(tell(upstream, made, [first], [second, third, stranger]))
    assert [text_of(tag) for tag in select(response, "#rows .tag")] == ["3/3", "2/3", "1/3"]
    assert verdict(response) == "It set off 1 run, which succeeded on its third attempt."
    assert "among all runs of its stream" in text_of(one(response, "#set-off"))


def test_attempts_that_retry_each_other_end_somewhere(mia, upstream):
    made = event()
    first = run_of(made, "failed")
    second = run("failed", origin_run_id=first["run_id"])
    first["origin_run_id"] = second["run_id"]
    response = mia.get(tell(upstream, made, [first], [second]))
    assert len(select(response, "#rows tr")) == 2


def test_without_the_filter_by_stream_the_newest_runs_are_searched_and_it_says_so(mia, upstream):
    upstream.extensions = ()
    made = platform(event())
    started = platform(run_of(made, "failed"))
    address = tell(upstream, made, [started])
    upstream.many("/runs", [started], total=900)
    upstream.many(f"/projects/{started['project_id']}/event-handlers", [])
    response = mia.get(address)
    assert "among the newest 1 runs of the environment" in text_of(one(response, "#set-off"))
    assert "stream_id" not in upstream.seen("/runs")[0].params


def test_a_function_is_named_by_the_only_handler_of_its_build(mia, upstream):
    upstream.extensions = ()
    made = platform(event())
    started = platform(run_of(made))
    address = tell(upstream, made, [started])
    handlers = f"/projects/{started['project_id']}/event-handlers"
    upstream.many(handlers, [event_handler(var="on-it")])
    assert text_of(one(mia.get(address), "#rows .name")) == "on-it"
    upstream.many(handlers, [event_handler(var="on-it"), event_handler(var="on-it-too")])
    assert text_of(one(mia.get(address), "#rows .name")) == "order:placed"


def test_more_runs_than_are_drawn_are_counted(mia, upstream):
    made = event()
    address = tell(upstream, made, [run_of(made) for _ in range(53)])
    assert "3 more runs are not drawn." in text_of(one(mia.get(address), "#set-off"))


# --- Text from outside, trouble, rights ----------------------------------------------------------


@pytest.mark.parametrize("field", ["event_type", "event_data", "source"])
def test_what_comes_from_outside_stays_text(mia, upstream, field):
    made = event() | {field: {HOSTILE: HOSTILE} if field == "event_data" else HOSTILE}
    response = mia.get(tell(upstream, made))
    assert select(response, "img, [hx-get='/x']") == []
    assert not {"\u202e", "\x1b"} & set(response.content.decode())


@pytest.mark.parametrize("part", ["", "set-off"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_event_is_in_words_as_a_page_and_as_a_part(mia, upstream, trouble, part):
    made = event()
    address = tell(upstream, made)
    request_id = bring(upstream, f"/events/{made['event_id']}", trouble)
    status, title = TROUBLES[trouble]
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    response = mia.get(address, headers=headers)
    assert response.status_code == status
    assert title in said(response)
    assert request_id[-12:] in said(response)
    assert bool(select(response, "header.topbar")) is not bool(part)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_runs_is_the_panels_own(mia, upstream, trouble):
    made = event()
    address = tell(upstream, made)
    bring(upstream, f"/events/{made['event_id']}/runs", trouble)
    response = mia.get(address)
    assert response.status_code == 200
    assert verdict(response) == "What it set off could not be read."
    assert text_of(one(response, "#set-off .alert strong")) == TROUBLES[trouble][1]
    assert attribute(response, "#set-off .alert a", "href") == address
    assert attribute(response, "#set-off .alert a", "hx-target") == "#set-off"
    assert select(response, ".json")


def test_trouble_with_the_retries_leaves_the_runs_alone(mia, upstream):
    made = event()
    address = tell(upstream, made, [run_of(made, "failed")])
    bring(upstream, "/runs", "slow")
    response = mia.get(address)
    assert len(select(response, "#rows tr")) == 1
    assert text_of(one(response, "#set-off .alert strong")) == "The platform is not answering"


def test_an_unknown_event_is_404_and_a_strangers_too(cast, upstream):
    made = event()
    address = tell(upstream, made)
    upstream.refuse(f"/events/{made['event_id']}", 404, "not_found", "Event not found")
    assert cast.browser(cast.mia).get(address).status_code == 404
    seen = len(upstream.calls)
    assert cast.browser(cast.stan).get(address).status_code == 404
    assert len(upstream.calls) == seen


# --- Who listens ---------------------------------------------------------------------------------


def listen(upstream, made, handlers, projects=None):
    address = tell(upstream, made)
    upstream.many("/projects", projects or [project()])
    upstream.many(f"/projects/{samples.PROJECT_ID}/event-handlers", handlers)
    return f"{address}listeners/"


def test_the_page_loads_who_listens_after_itself(mia, upstream):
    made = event()
    response = mia.get(tell(upstream, made))
    link = one(response, "#listeners a")
    assert link.attributes["href"] == f"{ROOM}{made['event_id']}/listeners/"
    assert link.attributes["hx-get"] == link.attributes["href"]


def test_the_functions_that_listen_for_the_type_are_named(mia, upstream):
    made = event()
    handlers = [event_handler(var="on-it"), event_handler("order:paid", var="on-another")]
    response = mia.get(listen(upstream, made, handlers), headers={"HX-Request": "true"})
    assert [text_of(name) for name in select(response, ".name")] == ["on-it"]
    assert "Read the deployed builds of 1 project." in said(response)


def test_a_type_that_nobody_listens_for_says_so(mia, upstream):
    response = mia.get(listen(upstream, event(), []))
    assert "No function of a deployed build listens for this type." in said(response)


def test_projects_that_were_not_read_are_counted(mia, upstream):
    ids = [new_id() for _ in range(6)]
    for made in ids:
        upstream.many(f"/projects/{made}/event-handlers", [])
    rows = [project(project_id=made) for made in ids] + [project(active=False)]
    response = mia.get(listen(upstream, event(), [], rows))
    assert "No function of a deployed build that was read listens" in said(response)
    assert "Read the deployed builds of 4 projects; 2 more were not." in said(response)


def test_trouble_with_the_handlers_has_its_own_retry(mia, upstream):
    address = listen(upstream, event(), [])
    bring(upstream, f"/projects/{samples.PROJECT_ID}/event-handlers", "slow")
    response = mia.get(address)
    assert response.status_code == 200
    assert attribute(response, "#listeners .alert a", "href") == address


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_projects_is_in_words(mia, upstream, trouble):
    address = listen(upstream, event(), [])
    bring(upstream, "/projects", trouble)
    response = mia.get(address, headers={"HX-Request": "true", "HX-Target": "listeners"})
    assert response.status_code == TROUBLES[trouble][0]
    assert TROUBLES[trouble][1] in said(response)
