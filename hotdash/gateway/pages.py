"""One page of a list, whatever the noun (contract 1.6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page; `total` counts all, `limit` is what the server granted."""

    rows: tuple[T, ...]
    total: int
    limit: int
    offset: int
    has_more: bool
    dropped: int = 0  # rows that the server sent and a local filter took out

    @property
    def is_at_least(self) -> bool:
        """Whether `total` can only be called approximate, since rows were filtered locally."""
        return self.dropped > 0

    def keeping(self, keep: Callable[[T], bool]) -> "Page[T]":
        """Return the page without the rows that a local filter drops, counting them."""
        rows = tuple(row for row in self.rows if keep(row))
        return replace(self, rows=rows, dropped=self.dropped + len(self.rows) - len(rows))

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)
