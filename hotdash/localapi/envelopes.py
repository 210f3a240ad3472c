"""The success envelopes, and offset pagination (contract 1.3, 1.6)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, NotRequired, TypeVar, cast
from uuid import UUID

import orjson
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from ninja import Field, Schema
from pydantic import field_validator
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from hotdash.localapi import request_id
from hotdash.localapi.bodies import Digits

T = TypeVar("T")
S = TypeVar("S", bound=Mapping[str, Any])
M = TypeVar("M", bound=Model)
Int64 = Annotated[int, Digits, Field(ge=-(2**63), le=2**63 - 1)]

# what a key without a value holds until `sent` takes it away; keys stand in the contract's order
OMIT: Any = object()
# marks in the OpenAPI document what the Hot platform does not send
EXTENSION: dict[str, Any] = {"x-extension": True}
Extension = Field(json_schema_extra=EXTENSION)


class Meta(TypedDict):
    """Stands in every envelope; the access log has the same request id."""

    request_id: UUID
    timestamp: datetime


class Pagination(TypedDict):
    """Where a list stands; `limit` is the clamped one."""

    total: int
    limit: int
    offset: int
    has_more: bool


class Single(TypedDict, Generic[T]):
    """One object."""

    data: T
    meta: Meta


class Listing(TypedDict, Generic[T]):
    """One page of objects."""

    data: list[T]
    pagination: Pagination
    meta: Meta


class ErrorFacts(TypedDict):
    """What an error says."""

    code: str
    message: str
    request_id: UUID
    retry_after: NotRequired[int]


class Failure(TypedDict):
    """The one shape of errors."""

    error: ErrorFacts


class Page(Schema):
    """Which rows of a list are wanted: 20 by default, clamped to 1..500 without a word."""

    limit: Int64 = 20
    offset: Int64 = 0

    @field_validator("limit")
    @classmethod
    def clamp(cls, limit: int) -> int:
        """Return the limit that is used and echoed."""
        return max(1, min(500, limit))

    def cut(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Return the rows of this page; a negative offset begins at the first."""
        start = max(0, self.offset)
        return rows[start : start + self.limit]

    def facts(self, total: int) -> Pagination:
        """Return the page as the envelope tells it."""
        return {
            "total": total,
            "limit": self.limit,
            "offset": self.offset,
            "has_more": self.offset + self.limit < total,
        }


def single(data: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Return one object in its envelope."""
    return as_json({"data": data, "meta": meta()}, status)


def listing(
    data: Iterable[Mapping[str, Any]], page: Page, total: int, **extensions: Any
) -> HttpResponse:
    """Return one page of objects in its envelope; extensions stand before `meta`."""
    return as_json(
        {"data": list(data), "pagination": page.facts(total), **extensions, "meta": meta()}
    )


def listing_of(
    rows: QuerySet[M], page: Page, shape: Callable[[M], Mapping[str, Any]]
) -> HttpResponse:
    """Return one page of a query, each row in its shape: two queries."""
    return listing(map(shape, page.cut(rows)), page, rows.count())


def empty() -> HttpResponse:
    """Return 204: done, and nothing to say."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


def as_json(body: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Return JSON with ids in lower case and times in UTC ending in Z."""
    return HttpResponse(dumped(body), status=status, content_type="application/json")


def dumped(body: Mapping[str, Any]) -> bytes:
    """Return the JSON bytes of a shape; key order is the shape's."""
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)


def sent(shape: S) -> S:
    """Return a shape without the keys whose value is OMIT: what the contract marks with `~`."""
    return cast("S", {name: value for name, value in shape.items() if value is not OMIT})


def stored(text: str) -> orjson.Fragment:
    """Return JSON text that was kept as it came, to be put into a body without being read."""
    return orjson.Fragment(text)


def meta() -> Meta:
    """Return what stands last in every envelope."""
    return {"request_id": request_id.current(), "timestamp": datetime.now(UTC)}
