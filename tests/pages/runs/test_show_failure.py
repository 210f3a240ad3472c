"""What the page of a failed run says first: what was raised, where, and with what."""

from tests.cast import Cast
from tests.pages.runs.a_run import REFUSED, failed_deep, verdict
from tests.pages.runs.visit import address, visit
from tests.reading import attribute, one, said, select, text_of
from tests.samples import (
    call,
    event,
    failure,
    run,
)
from tests.upstream import FakeUpstream


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
