"""A Hot API of prepared answers, in place of the gateway's transport."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from hotdash.gateway import capabilities, known, pool
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway, Upstream
from tests import samples
from tests.samples import Wire

ORIGIN = "http://upstream.test:4681"
FILTERS = {"status": "status", "type": "run_type", "stream_id": "stream_id"}
REQUEST_ID = "7091a6be-ed14-474d-aa9a-880c028a8127"


class UnexpectedCall(AssertionError):
    """A call that no test prepared an answer for."""


@dataclass(frozen=True)
class Seen:
    """One call as it arrived."""

    method: str
    path: str
    params: dict[str, str]
    key: str
    body: bytes
    headers: httpx.Headers

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


Responder = Callable[[Seen], httpx.Response]


@dataclass
class FakeUpstream:
    """Answers what it was told to and raises UnexpectedCall otherwise; paths go without prefix.

    The answer told last for a method and path goes before earlier ones. `extensions` is what
    `/status` offers: all that the embedded API has, unless a test takes it away; no list gives
    more than `most_rows` at once.
    """

    extensions: tuple[str, ...] = capabilities.EXTENSIONS
    prefix: str = "/v1"
    most_rows: int = 500
    calls: list[Seen] = field(default_factory=list)
    _answers: dict[tuple[str, str], Responder] = field(default_factory=dict)

    def one(self, path: str, row: Any, status: int = 200, method: str = "GET") -> None:
        """Answer with one resource in its envelope."""
        self.respond(method, path, lambda _: _enveloped({"data": row}, status))

    def many(self, path: str, rows: list[Wire], total: int | None = None, **extra: Any) -> None:
        """Answer with a list: filtered by status, type and stream, paged by limit and offset.

        `total` pretends that there are more; `extra` goes into the envelope.
        """

        def listed(seen: Seen) -> httpx.Response:
            found = _filtered(seen, rows)
            limit = min(max(int(seen.params.get("limit", "20")), 1), self.most_rows)
            return _listed(found, limit, int(seen.params.get("offset", "0")), total, extra)

        self.respond("GET", path, listed)

    def refuse(
        self, path: str, status: int, code: str = "", message: str = "", method: str = "GET"
    ) -> None:
        """Answer with an error envelope, or with an empty body where `code` is empty."""
        error = {"code": code, "message": message, "request_id": REQUEST_ID}
        body = json.dumps({"error": error}).encode() if code else b""
        kind = {"content-type": "application/json"} if code else {}
        self.raw(path, body, status, method, **kind)

    def raw(
        self, path: str, body: bytes, status: int = 200, method: str = "GET", **headers: str
    ) -> None:
        """Answer with exactly these bytes; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        stream = httpx.ByteStream(body)
        self.respond(method, path, lambda _: httpx.Response(status, stream=stream, headers=named))

    def fail(self, path: str, error: Exception, method: str = "GET") -> None:
        """Raise an error of httpx, such as `httpx.ReadTimeout("")`, instead of answering."""

        def raises(_: Seen) -> httpx.Response:
            raise error

        self.respond(method, path, raises)

    def respond(self, method: str, path: str, responder: Responder) -> None:
        """Answer with whatever the function makes of the call."""
        self._answers[method, path] = responder

    def before(self, path: str, happens: Callable[[Seen], object], method: str = "GET") -> None:
        """Let something happen at each call before it gets the answer that was told so far."""
        answer = self._answers[method, path]

        def delayed(seen: Seen) -> httpx.Response:
            happens(seen)
            return answer(seen)

        self.respond(method, path, delayed)

    def show(self, run: Wire, calls: list[Wire], event: Wire | None = None) -> None:
        """Answer everything that the page of this run asks about itself."""
        self.one(f"/runs/{run['run_id']}", run)
        self.many(f"/runs/{run['run_id']}/vars", calls, rev=99, execution=1)
        self.many(f"/runs/{run['run_id']}/stream-data", [])
        if event:
            self.one(f"/events/{event['event_id']}", event)
            self.many(f"/events/{event['event_id']}/runs", [run])

    def seen(self, path: str, method: str = "GET") -> list[Seen]:
        """The calls that arrived for a path, in order."""
        return [call for call in self.calls if (call.method, call.path) == (method, path)]

    def transport(self) -> httpx.MockTransport:
        """What the gateway's client sends its requests to."""
        return httpx.MockTransport(self._arrived)

    def _arrived(self, request: httpx.Request) -> httpx.Response:
        full = request.url.path
        path = full.removeprefix(self.prefix) if full.startswith(f"{self.prefix}/") else full
        seen = Seen(
            request.method,
            path,
            dict(request.url.params),
            request.headers.get("authorization", "").removeprefix("Bearer "),
            request.read(),
            request.headers,
        )
        self.calls.append(seen)
        responder = self._answers.get((request.method, path))
        if responder is not None:
            return _unread(responder(seen))
        if path == "/status":
            return _unread(httpx.Response(200, json=status(self.extensions)))
        raise UnexpectedCall(f"{request.method} {request.url}")


def status(extensions: tuple[str, ...] = (), version: str = "2.6.9") -> Wire:
    """What `/status` says, with the embedded API's extensions or, without, the platform's."""
    told: Wire = {
        "status": "ok",
        "service": "hot.dev api server",
        "version": version,
        "git_sha": "dfae250",
        "start_time": "2026-11-22T20:35:58+00:00",
    }
    return {**told, "extensions": list(extensions)} if extensions else told


def gateway(key: str = "hot_" + "0" * 32 + "_" + "a" * 60 + "mia1", prefix: str = "/v1") -> Gateway:
    """A person's door to the fake."""
    return Gateway(Upstream("env-1", ORIGIN, prefix), Secret(key), "mia")


@pytest.fixture
def upstream() -> Iterator[FakeUpstream]:
    """A fake in place of every Hot API for the length of a test."""
    fake = FakeUpstream()
    known.forget_all()
    with pool.use_transport(fake.transport()):
        yield fake
    known.forget_all()


def _unread(response: httpx.Response) -> httpx.Response:
    """The response as one whose body is still to come, as from a socket."""
    if not hasattr(response, "_content"):
        return response
    stream = httpx.ByteStream(response.content)
    return httpx.Response(response.status_code, headers=response.headers, stream=stream)


def _enveloped(fields: Wire, status: int) -> httpx.Response:
    meta = {"request_id": REQUEST_ID, "timestamp": samples.at()}
    return httpx.Response(status, json={**fields, "meta": meta})


def _filtered(seen: Seen, rows: list[Wire]) -> list[Wire]:
    for param, name in FILTERS.items():
        if param in seen.params:
            rows = [row for row in rows if row.get(name) == seen.params[param]]
    if "after_rev" in seen.params:
        changed = [row for row in rows if row["meta"]["rev"] > int(seen.params["after_rev"])]
        rows = sorted(changed, key=lambda row: int(row["meta"]["rev"]))
    return rows


def _listed(
    rows: list[Wire], limit: int, offset: int, total: int | None, extra: Wire
) -> httpx.Response:
    total = len(rows) if total is None else total
    pagination = {
        "total": total,
        "limit": limit,
        "offset": offset,
        "has_more": offset + limit < total,
    }
    page = rows[offset : offset + limit]
    return _enveloped({"data": page, "pagination": pagination, **extra}, 200)
