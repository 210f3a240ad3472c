"""Pages of a list: which rows are asked for, and what the pager under them says.

A page is named by the position of its first row, not by a number: a server may answer with fewer
rows than asked for, and the next page must begin where this one ended.
"""

from dataclasses import dataclass

from hotdash.kit.formats import clipped, number, visible

FARTHEST = 100_000  # rows passed over: a server reads them all to leave them out


@dataclass(frozen=True)
class Pager:
    """What stands under a list; `total` may be a lower bound, then `is_at_least`."""

    offset: int
    size: int
    shown: int
    total: int
    is_at_least: bool = False
    newer_rows: int = 0  # rows that came in at the top since the first page was opened

    @property
    def position(self) -> int:
        """The position of the first row, counted from one, whether or not there is one."""
        return self.offset + 1

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.offset + self.shown

    @property
    def has_newer(self) -> bool:
        """Whether rows lie before this page."""
        return self.offset > 0

    @property
    def has_older(self) -> bool:
        """Whether rows lie behind this page, and the list is shown so far."""
        return self._goes_on and self.last <= FARTHEST

    @property
    def is_cut(self) -> bool:
        """Whether rows lie behind this page, but the list is shown no farther."""
        return self._goes_on and self.last > FARTHEST

    @property
    def is_beyond(self) -> bool:
        """Whether the list ends before this page begins."""
        return self.offset > 0 and not self.shown

    @property
    def newer_from(self) -> int:
        """The position at which the page before this one begins."""
        return max(1, self.offset - self.size + 1)

    @property
    def older_from(self) -> int:
        """The position at which the next page begins."""
        return self.last + 1

    @property
    def last_from(self) -> int:
        """The position at which the last page begins."""
        return min(max(0, self.total - 1), FARTHEST) // self.size * self.size + 1

    @property
    def _goes_on(self) -> bool:
        return not self.is_at_least and self.shown > 0 and self.last < self.total


def read_position(text: str) -> int | None:
    """Read the position of a first row as an offset from zero; None where it cannot be one."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        return None
    position = int(text)
    return position - 1 if 1 <= position <= FARTHEST + 1 else None


def no_position(text: str) -> str:
    """Say that a text is no position of a first row, and which are."""
    asked = clipped(visible(text), 60)
    return f"“{asked}” is no position in the list; a page begins at 1 to {number(FARTHEST + 1)}."
