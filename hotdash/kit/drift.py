"""A list that grows at the top, page by page: each page goes on where the one before ended."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from uuid import UUID

from hotdash.gateway.pages import Page
from hotdash.kit.paging import Pager

T = TypeVar("T")


@dataclass(frozen=True)
class Stretch(Generic[T]):
    """The rows of one page; `has_moved_on` where nobody can tell by how far the list has grown."""

    rows: Sequence[T]
    pager: Pager
    has_moved_on: bool = False


def as_asked(page: Page[T], size: int) -> Stretch[T]:
    """Return a page as it was asked for, by its position alone."""
    return Stretch(page.rows, _pager(page, size, len(page.rows), page.total))


def going_on(
    page: Page[T], top: Page[T], size: int, first: UUID, id_of: Callable[[T], UUID]
) -> Stretch[T]:
    """Return a page that goes on, whatever came in since `first` was the newest row.

    `top` says by how many rows the list has grown; `page` was read twice as long as a page is, so
    that the shifted page lies in it.
    """
    shift = _position(map(id_of, top), first)
    rows = page.rows[shift or 0 :][:size]
    pager = _pager(page, size, len(rows), page.total - (shift or 0))
    return Stretch(rows, replace(pager, newer_rows=shift or 0), has_moved_on=shift is None)


def _position(ids: Iterable[UUID], first: UUID) -> int | None:
    return next((place for place, found in enumerate(ids) if found == first), None)


def _pager(page: Page[T], size: int, shown: int, total: int) -> Pager:
    """Return the pager; rows that were dropped as too old lie at the end, so nothing follows."""
    known = page.offset + shown if page.dropped else total
    return Pager(page.offset, size, shown, known, page.is_at_least)
