"""What a route answers when all is well: a status, and a body of a certain kind and shape."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from tests.localapi.contract.notation import Shape, shape
from tests.localapi.contract.shapes import ERROR, META, PAGINATION


@dataclass(frozen=True)
class One:
    """One object in its envelope."""

    data: Shape
    status: int = 200

    def check(self, answer: httpx.Response) -> None:
        """Fail unless the answer is this."""
        shape("data data, meta meta", data=self.data, meta=META).check(_json(answer))


@dataclass(frozen=True)
class Many:
    """A page of objects in its envelope; `more` are this server's own keys before `meta`."""

    row: Shape
    more: str = ""
    status: int = 200

    def check(self, answer: httpx.Response) -> None:
        """Fail unless the answer is this, with at least one row."""
        envelope = f"data list, pagination pagination, {self.more}meta meta"
        body = _json(answer)
        shape(envelope, pagination=PAGINATION, meta=META).check(body)
        assert body["data"], "an empty list proves nothing"
        for row in body["data"]:
            self.row.check(row)


@dataclass(frozen=True)
class Flat:
    """One object without an envelope."""

    body: Shape
    status: int = 200

    def check(self, answer: httpx.Response) -> None:
        """Fail unless the answer is this."""
        self.body.check(_json(answer))


@dataclass(frozen=True)
class Nothing:
    """An empty body, and no word about its type."""

    status: int = 204

    def check(self, answer: httpx.Response) -> None:
        """Fail unless the answer is this."""
        assert answer.content == b""
        assert "Content-Type" not in answer.headers


@dataclass(frozen=True)
class Raw:
    """Bytes to keep, as an attachment."""

    content_type: str
    status: int = 200

    def check(self, answer: httpx.Response) -> None:
        """Fail unless the answer is this."""
        assert answer.headers["Content-Type"] == self.content_type
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert int(answer.headers["Content-Length"]) == len(answer.content) > 0


@dataclass(frozen=True)
class Frames:
    """A stream of events; `first` is the kind that comes without anything happening."""

    first: str = ""
    status: int = 200

    def check(self, answer: httpx.Response) -> None:
        """Fail unless the answer is this."""
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-cache"
        lines = answer.iter_lines()
        assert next(lines).startswith(":")
        if self.first:
            assert f"event: {self.first}" in (line for line in lines)


Answer = One | Many | Flat | Nothing | Raw | Frames


def check_error(answer: httpx.Response, status: int, code: str = "") -> None:
    """Fail unless the answer is this error, in the one envelope of errors."""
    assert answer.status_code == status, answer.text
    body = _json(answer)
    shape("error error", error=ERROR).check(body)
    assert UUID(body["error"]["request_id"]).version == 4
    assert body["error"]["message"]
    if code:
        assert body["error"]["code"] == code


def _json(answer: httpx.Response) -> Any:
    assert answer.headers["Content-Type"] == "application/json", answer.text
    return answer.json()
