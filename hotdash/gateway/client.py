"""Sends one call to the Hot API and gives back what it said, or raises what went wrong."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from hotdash.gateway import answers, deadline, pool, prefixes, reading, slots, timing
from hotdash.gateway.envelopes import Answer, Row
from hotdash.gateway.errors import BadAnswer, NoAnswer
from hotdash.gateway.upstream import Gateway

TOTAL_SECONDS = 15.0
DOWNLOAD_SECONDS = 600.0


@dataclass(frozen=True)
class Call:
    """What is asked: a path of `paths.path`, and the body in one of three forms."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, Any] | None = None
    is_prefixed: bool = True  # False for /status
    is_keyed: bool = True  # False where a key is not needed and so not shown


def send(gateway: Gateway, call: Call) -> Answer:
    """Return the success of one call; raise a GatewayError for anything else."""
    with (
        deadline.within(TOTAL_SECONDS),
        _answered(gateway, call) as response,
        reading.whole_body(response) as body,
    ):
        return answers.judge(response, body)


def fetch(gateway: Gateway, path: str, **params: str | None) -> Row:
    """Return the one resource at a path."""
    return send(gateway, Call("GET", path, given(params))).row


def download(gateway: Gateway, path: str) -> Iterator[bytes]:
    """Yield the bytes at a path as they come, nothing kept; an error is raised before the first.

    Nothing that the server says about the bytes is passed on.
    """
    with deadline.within(DOWNLOAD_SECONDS), _answered(gateway, Call("GET", path)) as response:
        if response.status_code != httpx.codes.OK:
            with reading.whole_body(response) as body:
                raise answers.failure(response, body)
        yield from reading.chunks(response)


@contextmanager
def _answered(gateway: Gateway, call: Call) -> Iterator[httpx.Response]:
    """Give the response once its head is there; turn httpx's errors into ours."""
    prefix = prefixes.of(gateway) if call.is_prefixed else ""
    has_answered = False
    with slots.taken(gateway.upstream.environment_id), timing.measured(call.method, call.path):
        try:
            with pool.client().stream(
                call.method,
                f"{gateway.upstream.origin}{prefix}{call.path}",
                params=call.params or None,
                json=call.json,
                data=call.form,
                files=call.files,
                headers=_authorization(gateway) if call.is_keyed else None,
                extensions={"is_embedded": gateway.upstream.is_embedded},
            ) as response:
                has_answered = True
                yield response
        except httpx.TransportError as error:
            raise _explained(error, has_answered=has_answered) from None


def _authorization(gateway: Gateway) -> dict[str, str]:
    return {"Authorization": f"Bearer {gateway.key.reveal()}"}


def _explained(error: httpx.TransportError, *, has_answered: bool) -> NoAnswer | BadAnswer:
    if isinstance(error, httpx.TimeoutException):
        return NoAnswer("busy" if isinstance(error, httpx.PoolTimeout) else "timeout")
    if has_answered:
        return BadAnswer("not_json")  # cut off in the middle of its body
    if isinstance(error, httpx.ConnectError):
        return NoAnswer("refused" if _was_refused(error) else "unreachable")
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return BadAnswer("not_hot")  # not HTTP at all
    return NoAnswer("unreachable")


def _was_refused(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ConnectionRefusedError) or "refused" in str(error).lower():
            return True
        error = error.__cause__ or error.__context__
    return False


def given(params: Mapping[str, str | None]) -> dict[str, str]:
    """Return the parameters that have a value."""
    return {key: value for key, value in params.items() if value is not None}
