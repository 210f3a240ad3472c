"""Pages of a list: which one is asked for, and what its pager says."""

from dataclasses import dataclass
from math import ceil

FARTHEST = 20_000  # a page number beyond it is nobody's click


@dataclass(frozen=True)
class Pager:
    """What stands under a list; `total` may be a lower bound, then `is_at_least`."""

    number: int
    size: int
    shown: int
    total: int
    is_at_least: bool = False

    @property
    def first(self) -> int:
        """The position of the first row, counted from one."""
        return self.offset + 1 if self.shown else 0

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.offset + self.shown

    @property
    def offset(self) -> int:
        """How many rows lie before this page."""
        return (self.number - 1) * self.size

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, ceil(self.total / self.size))

    @property
    def has_newer(self) -> bool:
        """Whether a page lies before this one."""
        return self.number > 1

    @property
    def has_older(self) -> bool:
        """Whether a page lies behind this one."""
        return not self.is_at_least and self.last < self.total

    @property
    def is_beyond(self) -> bool:
        """Whether the list ends before this page begins."""
        return self.number > 1 and not self.shown


def page_number(text: str) -> int | None:
    """Read a page number; none given is the first, one that cannot be is None."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return None
    number = int(text)
    return number if 1 <= number <= FARTHEST else None
