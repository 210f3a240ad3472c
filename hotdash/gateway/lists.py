"""Lists of any noun, page by page (contract 1.6)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from hotdash.gateway import client, deadline, fields
from hotdash.gateway.envelopes import Row
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.exchange import Call
from hotdash.gateway.pages import Page
from hotdash.gateway.upstream import Gateway

T = TypeVar("T")

MAX_LIMIT = 500


@dataclass(frozen=True)
class Listing:
    """One page as it came: its rows and the rest of the envelope."""

    rows: list[Row]
    envelope: Row
    limit: int
    offset: int

    def page(self, shape: Callable[[Row], T]) -> Page[T]:
        """Return the rows in their shape; without a total, what was read is the total."""
        rows = tuple(shape(row) for row in self.rows)
        told = fields.mapping(self.envelope, "pagination")
        end = self.offset + len(rows)
        total = fields.maybe_whole(told, "total")
        total = end if total is None else total
        limit = fields.maybe_whole(told, "limit") or self.limit
        return Page(rows, total, limit, self.offset, has_more=bool(rows) and end < total)


def fetch_list(
    gateway: Gateway, path: str, limit: int, offset: int, **params: str | None
) -> Listing:
    """Return one page of a list; one too large to read is asked again with half the rows.

    `limit` is kept within 1..500, `offset` from 0 on. Raises BadAnswer("too_large") when one row
    alone is too large.
    """
    limit, offset = min(max(limit, 1), MAX_LIMIT), max(offset, 0)
    with deadline.within(client.TOTAL_SECONDS):
        while True:
            wanted = {**client.given(params), "limit": str(limit), "offset": str(offset)}
            try:
                answer = client.send(gateway, Call("GET", path, wanted))
                return Listing(answer.rows, answer.fields, limit, offset)
            except BadAnswer as error:
                if error.reason != "too_large" or limit == 1:
                    raise
                limit //= 2


def fetch_page(
    gateway: Gateway,
    path: str,
    shape: Callable[[Row], T],
    limit: int,
    offset: int,
    **params: str | None,
) -> Page[T]:
    """Return one page of a list in the noun's shape."""
    return fetch_list(gateway, path, limit, offset, **params).page(shape)
