"""One request and the head of its response, within the limits of its environment."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from hotdash import __version__
from hotdash.gateway import pool, slots, timing
from hotdash.gateway.errors import BadAnswer, NoAnswer, Refused
from hotdash.gateway.upstream import Gateway

TIMEOUT = httpx.Timeout(10.0, connect=2.0)  # seconds, of each wait

_KEY = re.compile(r"[!-~]{1,1024}")
_HEADERS = {
    "User-Agent": f"hotdash/{__version__}",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True)
class Call:
    """What is asked: a path of `paths.path`, and the body in one of three forms."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, Any] | None = None
    is_keyed: bool = True  # False where a key is not needed and so not shown


@contextmanager
def answered(gateway: Gateway, call: Call, prefix: str) -> Iterator[httpx.Response]:
    """Give the response, its body still to be read; raises NoAnswer, NotAllowed or BadAnswer.

    A key that no header can hold raises Refused(401) without a call.
    """
    upstream = gateway.upstream
    has_answered = False
    with slots.taken(upstream.environment_id), timing.measured(call.method, call.path):
        try:
            # not by a client of httpx: its jar of cookies, redirects and log are no help here
            response = pool.transport().handle_request(_request(gateway, call, prefix))
            with closing(response):
                has_answered = True
                yield response
        except httpx.TransportError as error:
            # the chain is cut: httpx's error holds the request, and with it the key
            raise _explained(error, has_answered=has_answered) from None


def _request(gateway: Gateway, call: Call, prefix: str) -> httpx.Request:
    upstream = gateway.upstream
    return httpx.Request(
        call.method,
        f"{upstream.origin}{prefix}{call.path}",
        params=call.params or None,
        headers=_HEADERS | authorization(gateway) if call.is_keyed else _HEADERS,
        json=call.json,
        data=call.form,
        files=call.files,
        extensions={"timeout": TIMEOUT.as_dict(), "is_embedded": upstream.is_embedded},
    )


def authorization(gateway: Gateway) -> dict[str, str]:
    """Return the header that carries the person's key; Refused(401) where none could hold it."""
    key = gateway.key.reveal()
    if not _KEY.fullmatch(key):
        raise Refused(401)  # no server could have given it out, and no header can hold it
    return {"Authorization": f"Bearer {key}"}


def _explained(error: httpx.TransportError, *, has_answered: bool) -> NoAnswer | BadAnswer:
    if isinstance(error, httpx.PoolTimeout):
        return NoAnswer("busy")
    if isinstance(error, httpx.TimeoutException):
        return NoAnswer("timeout", was_sent=not isinstance(error, httpx.ConnectTimeout))
    if has_answered:
        return BadAnswer("not_json")  # cut off in the middle of its body
    if isinstance(error, httpx.ConnectError):
        return NoAnswer("refused" if _was_refused(error) else "unreachable")
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return BadAnswer("not_hot")  # not HTTP at all
    return NoAnswer("unreachable", was_sent=True)


def _was_refused(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ConnectionRefusedError):
        error = error.__cause__ or error.__context__
    return error is not None
