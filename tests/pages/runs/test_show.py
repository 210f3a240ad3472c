"""The page of a run: its name, its verdict, its facts, and what it costs."""

import pytest

from tests.cast import Cast
from tests.pages.runs.a_run import failed_deep, verdict
from tests.pages.runs.visit import visit
from tests.reading import heading, one, said, select, text_of
from tests.samples import (
    OMIT,
    Wire,
    at,
    call,
    event,
    event_handler,
    new_id,
    platform,
    run,
)
from tests.upstream import FakeUpstream


def facts(response: object) -> dict[str, str]:
    terms = [text_of(node) for node in select(response, ".facts dt")]
    values = [text_of(node) for node in select(response, ".facts dd")]
    return dict(zip(terms, values, strict=True))


def test_the_title_is_the_function(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(), [call()], event(event_id=made["event_id"]))
    assert heading(visit(cast, made)) == "::storefront::orders/on-placed"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (run(stop_time=at(0.182)), "It succeeded in 182 ms."),
        (run(attempt=3, retry_max=2), "It succeeded in 250 ms. It was the third attempt."),
        (run(attempt=11, retry_max=30), "It succeeded in 250 ms. It was the 11th attempt."),
        (run(attempt=22, retry_max=30), "It succeeded in 250 ms. It was the 22nd attempt."),
        (run("cancelled"), "stopped by Olive. It was cancelled after 250 ms."),
        (run("cancelled", result=OMIT), "The run was cancelled. It was cancelled after 250 ms."),
        (
            run("pending_retry", next_retry_at=at(2)),
            "upstream 503. The first attempt failed after 250 ms; the second of 4 is due at"
            " 12:00:02.000 UTC.",
        ),
        (run("melted"), "The server calls this run “melted”."),
    ],
    ids=[
        "succeeded",
        "third attempt",
        "11th",
        "22nd",
        "cancelled",
        "no reason",
        "pending_retry",
        "unknown",
    ],
)
def test_the_verdict_says_how_it_stands(cast: Cast, upstream: FakeUpstream, made: Wire, words: str):
    upstream.show(made, [], event(event_id=made["event_id"]))
    assert verdict(visit(cast, made)).startswith(words)


def test_a_running_run_says_where_it_is_and_how_to_see_more(cast: Cast, upstream: FakeUpstream):
    made = run("running")
    calls = [call(1, stop_time=None, value=None), call(2, 1, stop_time=None, value=None)]
    upstream.show(made, calls, event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert "so far. It is in ::storefront::orders/step-2. Reload to see more." in verdict(answer)
    # the address of the moment, also of a tab that was opened since the page was sent
    assert one(answer, ".page-actions noscript a").attributes["href"] == ""
    assert [text_of(node) for node in select(answer, "tr[data-state=open] b")] == [
        "step-1",
        "step-2",
    ]


def test_a_pending_run_says_that_it_waits(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run("pending"), [], event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert verdict(answer).startswith("It waits to start. Accepted")
    assert text_of(one(answer, ".status.large")) == "Queued"
    assert "The run has not started, so it has made no call yet." in said(answer)
    assert "Accepted" in facts(answer)


def test_the_facts_are_what_the_server_said(cast: Cast, upstream: FakeUpstream):
    origin = new_id()
    made = run(stop_time=at(2.31), attempt=2, retry_max=2, origin_run_id=origin)
    upstream.show(made, [], event(event_id=made["event_id"], event_time=at(-0.019)))
    found = facts(visit(cast, made))
    assert found == {
        "Started": "22 Nov 2026, 12:00:00.000",
        "Took": "2.31 s",
        "Waited": "19 ms",
        "Attempt": "2 of 3",
        "Trigger": "order:placed",
        "Project": "storefront",
        "Build": made["build_id"][-12:],
        "Stream": made["stream_id"][-12:],
        "Event": made["event_id"][-12:],
        "Retry of": origin[-12:],
    }


def test_what_the_server_does_not_say_is_no_fact(cast: Cast, upstream: FakeUpstream):
    made = run(build_id=None, project_id=OMIT, project_name=OMIT, event_id=None)
    upstream.one(f"/runs/{made['run_id']}", platform(made))
    upstream.extensions = ()
    upstream.refuse(f"/runs/{made['run_id']}/vars", 404)
    assert set(facts(visit(cast, made))) == {"Started", "Took", "Trigger", "Stream"}


def test_on_the_platform_a_lone_handler_names_the_function(cast: Cast, upstream: FakeUpstream):
    made = run()
    upstream.extensions = ()
    upstream.one(f"/runs/{made['run_id']}", platform(made))
    upstream.refuse(f"/runs/{made['run_id']}/vars", 404)
    upstream.one(f"/events/{made['event_id']}", platform(event(event_id=made["event_id"])))
    path = f"/projects/{made['project_id']}/event-handlers"
    upstream.many(path, [event_handler()])
    assert heading(visit(cast, made)) == "::storefront::orders/on-placed"
    upstream.many(path, [event_handler(), event_handler(var="on-placed-too")])
    assert heading(visit(cast, made)) == "order:placed"


def test_no_more_than_two_calls_in_sequence(cast: Cast, upstream: FakeUpstream):
    made, calls = failed_deep()
    upstream.show(made, calls, event(event_id=made["event_id"]))
    visit(cast, made)
    assert sorted(seen.path for seen in upstream.calls) == sorted(
        [
            "/status",  # once in ten minutes
            f"/runs/{made['run_id']}",
            f"/runs/{made['run_id']}/vars",
            f"/runs/{made['run_id']}/stream-data",
            f"/events/{made['event_id']}",
        ]
    )


def test_a_run_of_another_environment_is_not_there(cast: Cast, upstream: FakeUpstream):
    made = run()
    upstream.refuse(f"/runs/{made['run_id']}", 404, "not_found", "Run not found")
    upstream.refuse(f"/runs/{made['run_id']}/vars", 404, "not_found", "Run not found")
    answer = visit(cast, made)
    assert answer.status_code == 404
    assert "This is not on the platform" in said(answer)
    assert select(answer, 'main a[href="/acme/development/runs/"], nav a[href$="/runs/"]')
