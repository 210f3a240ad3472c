"""Sends a call to the Hot API and gives back what it said, or raises what went wrong."""

from collections.abc import Mapping

import httpx

from hotdash.gateway import answers, deadline, exchange, prefixes, reading, trail
from hotdash.gateway.envelopes import Answer, Row
from hotdash.gateway.errors import BadAnswer, Refused
from hotdash.gateway.exchange import Call
from hotdash.gateway.upstream import Gateway

TOTAL_SECONDS = 15.0


def send(gateway: Gateway, call: Call) -> Answer:
    """Return the success of one call; raise a GatewayError for anything else."""
    with deadline.within(TOTAL_SECONDS):
        prefix = prefixes.prefix_of(gateway)
        with (
            exchange.answered(gateway, call, prefix) as response,
            reading.whole_body(response) as body,
        ):
            return _judged(response, body, changes=call.method != "GET")


def fetch(gateway: Gateway, path: str, **params: str | None) -> Row:
    """Return the one resource at a path."""
    return send(gateway, Call("GET", path, given(params))).row


def given(params: Mapping[str, str | None]) -> dict[str, str]:
    """Return the parameters that have a value."""
    return {key: value for key, value in params.items() if value is not None}


def _judged(response: httpx.Response, body: bytes | bytearray, *, changes: bool) -> Answer:
    try:
        answer = answers.judge(response, body)
    except (BadAnswer, Refused) as error:
        trail.note(error.request_id, changes=changes)
        raise
    trail.note(trail.request_id_of(answer.fields), changes=changes)
    return answer
