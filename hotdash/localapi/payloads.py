"""Lists whose rows carry payloads: large ones are read one by one, while the list is sent.

A payload may have 32 MiB and a list 500 rows; put together in memory they would end the process.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Case, F, Model, QuerySet, When
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from hotdash.localapi.envelopes import Page, dumped, listing, meta

M = TypeVar("M", bound=Model)

_TOGETHER = 4 * 1024 * 1024  # bytes of large payloads that are put into one text


class Payload(NamedTuple):
    """A field of JSON text, and the field that says how large it is, where that is much."""

    field: str
    size: str


RESULT = Payload("result", "result_bytes")
EVENT_DATA = Payload("event_data", "data_bytes")


def payload_listing(
    rows: QuerySet[M],
    page: Page,
    total: int,
    shape: Callable[[M], Mapping[str, Any]],
    payload: Payload,
) -> HttpResponseBase:
    """Return one page of rows in its envelope; sent row by row where it is large."""
    chosen = without_large(page.cut(rows), payload)
    if sum(getattr(row, payload.size) or 0 for row in chosen) <= _TOGETHER:
        return listing(map(shape, chosen), page, total)
    facts = {"pagination": page.facts(total), "meta": meta()}
    parts = _parts(_shown(chosen, shape, payload), facts)
    return StreamingHttpResponse(parts, content_type="application/json")


def without_large(rows: QuerySet[M], payload: Payload) -> list[M]:
    """Return the rows; a large payload among them is read when it is asked for."""
    small = Case(When(**{f"{payload.size}__isnull": True}, then=F(payload.field)))
    found = list(rows.defer(payload.field).annotate(small_payload=small))
    for row in found:
        if getattr(row, payload.size) is None:
            setattr(row, payload.field, getattr(row, "small_payload"))  # noqa: B009  an annotation
    return found


def _shown(
    rows: list[M], shape: Callable[[M], Mapping[str, Any]], payload: Payload
) -> Iterator[bytes]:
    for row in rows:
        try:
            yield dumped(shape(row))
        except ObjectDoesNotExist:  # deleted since the list was read, as if a moment before
            continue
        delattr(row, payload.field)


def _parts(shown: Iterator[bytes], facts: Mapping[str, Any]) -> Iterator[bytes]:
    yield b'{"data":['
    for place, text in enumerate(shown):
        yield b"," + text if place else text
    yield b"]," + dumped(facts)[1:]
