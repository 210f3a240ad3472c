"""The page of a run: its verdict, facts and failure."""

import pytest

from tests.cast import Cast
from tests.pages.runs.visit import address, visit
from tests.reading import attribute, heading, one, said, select, text_of
from tests.samples import (
    OMIT,
    Wire,
    at,
    call,
    event,
    event_handler,
    failure,
    new_id,
    platform,
    run,
)
from tests.upstream import FakeUpstream

REFUSED = {"type": "CurrencyRefused", "msg": 'currency must be EUR; got "usd"'}


def failed_deep() -> tuple[Wire, list[Wire]]:
    """A run that failed in its third call, which got the currency, on its last attempt of three."""
    made = run(
        "failed",
        stop_time=at(2.31),
        attempt=3,
        retry_max=2,
        result=failure(REFUSED["msg"], {"type": REFUSED["type"]}),
    )
    calls = [
        call(1, error=REFUSED, value=None, var="on-placed"),
        call(2, 1, var="parse"),
        call(3, 1, error=REFUSED, value=None, var="charge", args={"currency": "usd"}),
    ]
    return made, calls


def verdict(response: object) -> str:
    return text_of(one(response, ".verdict"))


def facts(response: object) -> dict[str, str]:
    terms = [text_of(node) for node in select(response, ".facts dt")]
    values = [text_of(node) for node in select(response, ".facts dd")]
    return dict(zip(terms, values, strict=True))


def test_the_title_is_the_function(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(), [call()], event(event_id=made["event_id"]))
    assert heading(visit(cast, made)) == "::storefront::orders/on-placed"


def test_the_verdict_of_a_failed_run_is_its_own_error(cast: Cast, upstream: FakeUpstream):
    made, calls = failed_deep()
    upstream.show(made, calls, event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert verdict(answer) == (
        'currency must be EUR; got "usd". It failed after 2.31 s, on its third and last attempt.'
    )
    assert text_of(one(answer, ".status.large")) == "Failed"


def test_a_failure_names_the_deepest_call_and_what_it_was_given(cast: Cast, upstream: FakeUpstream):
    made, calls = failed_deep()
    upstream.show(made, calls, event(event_id=made["event_id"]))
    answer = visit(cast, made)
    panel = text_of(one(answer, ".failure"))
    assert text_of(one(answer, ".failure-kind")) == "CurrencyRefused"
    assert "Raised in ::storefront::orders/charge" in panel
    assert attribute(answer, ".failure a", "href") == f"{address(made)}?call=3#call"
    assert "Call 3 of 3, defined at storefront/orders.py:13" in panel
    assert 'currency: "usd"' in panel


def test_an_error_that_was_caught_on_the_way_is_not_blamed(cast: Cast, upstream: FakeUpstream):
    other = {"type": "Busy", "msg": "503"}
    made, calls = failed_deep()
    calls[2] = call(3, 1, error=other, value=None, var="ask-gateway")
    upstream.show(made, calls, event(event_id=made["event_id"]))
    assert "Raised in ::storefront::orders/on-placed" in text_of(one(visit(cast, made), ".failure"))


def test_a_run_that_was_cut_off_says_in_which_call(cast: Cast, upstream: FakeUpstream):
    made = run("failed", result=failure("ran longer than 5 s", {"type": "TimeLimit"}))
    calls = [call(1, stop_time=None, value=None), call(2, 1, stop_time=None, value=None)]
    upstream.show(made, calls, event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert "Cut off in ::storefront::orders/step-2" in text_of(one(answer, ".failure"))
    assert "Nothing: the run ended while this call was under way." in said(answer)


def test_a_failure_without_a_message_says_that_there_is_none(cast: Cast, upstream: FakeUpstream):
    made = run("failed", result={"$type": "::acme/Odd", "$val": [1, 2]})
    upstream.show(made, [], event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert verdict(answer).startswith("The run failed. It failed after 250 ms")
    assert "The server gives no message" in said(answer)
    assert "::acme/Odd" in text_of(one(answer, ".failure"))


def test_a_long_message_is_quoted_in_part_and_shown_in_full(cast: Cast, upstream: FakeUpstream):
    message = "row 7 has no price\n" + "and neither has the next " * 20
    made, calls = failed_deep()
    made["result"] = failure(message, {"type": "NoPrice"})
    upstream.show(made, calls, event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert len(text_of(one(answer, ".verdict strong"))) <= 161
    assert text_of(one(answer, ".failure-text")) == " ".join(message.split())


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


def test_a_failure_in_a_call_that_was_not_recorded_says_so(cast: Cast, upstream: FakeUpstream):
    made, calls = failed_deep()
    told = {"type": "CurrencyRefused", "function": "::storefront::rates/of", "file": "rates.py"}
    made["result"] = failure(REFUSED["msg"], {**told, "line": 9})
    upstream.show(made, calls, event(event_id=made["event_id"]))
    panel = text_of(one(visit(cast, made), ".failure"))
    assert "Raised in ::storefront::rates/of" in panel
    assert "At rates.py:9. That call was not recorded" in panel
    assert "call 3 of 3, charge" in panel
    assert "charge was given" in panel


def test_the_line_that_raised_goes_before_the_line_of_the_definition(
    cast: Cast, upstream: FakeUpstream
):
    made, calls = failed_deep()
    told = {"type": "CurrencyRefused", "function": "::storefront::orders/charge", "call": 3}
    made["result"] = failure(REFUSED["msg"], {**told, "file": "storefront/orders.py", "line": 40})
    upstream.show(made, calls, event(event_id=made["event_id"]))
    panel = text_of(one(visit(cast, made), ".failure"))
    assert "Call 3 of 3, at storefront/orders.py:40" in panel
    assert "All that the error says" not in panel


def test_a_message_of_one_word_is_said_with_its_kind(cast: Cast, upstream: FakeUpstream):
    made, calls = failed_deep()
    for kind, message, words in (
        ("KeyError", "'sku'", "KeyError: 'sku'."),
        ("::storefront::orders/Closed", "today", "Closed: today."),
        ("::storefront::orders/Closed", "Closed", "Closed."),
        ("ValueError", "no such sku", "no such sku."),
    ):
        made["result"] = failure(message, {"type": kind})
        upstream.show(made, calls, event(event_id=made["event_id"]))
        assert verdict(visit(cast, made)).startswith(words)


def test_a_failure_of_one_message_is_not_said_twice(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run("failed"), [], event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert verdict(answer) == "card declined. It failed after 250 ms."
    assert not select(answer, ".failure")
