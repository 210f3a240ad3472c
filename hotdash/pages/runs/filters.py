"""Which runs a person asked for, as the address of the list says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hotdash.gateway.runs import RunQuery
from hotdash.kit.conditions import Conditions, query_string, read_id
from hotdash.kit.statuses import STARTERS, STATUSES

PAGE_SIZE = 50


@dataclass(frozen=True)
class Span:
    """A stretch of time that ends now, in words, for the wire, and for filtering again."""

    words: str
    iso: str
    length: timedelta


TIMES: Mapping[str, Span] = {
    "15m": Span("last 15 minutes", "PT15M", timedelta(minutes=15)),
    "1h": Span("last hour", "PT1H", timedelta(hours=1)),
    "24h": Span("last 24 hours", "PT24H", timedelta(hours=24)),
    "7d": Span("last 7 days", "P7D", timedelta(days=7)),
    "30d": Span("last 30 days", "P30D", timedelta(days=30)),
}


@dataclass(frozen=True)
class RunFilters:
    """The conditions, the position of the first row, and what was asked for but does not exist.

    `first` is the newest row that the person saw on the first page; `from` of the address is the
    position of this page's first row.
    """

    status: str = ""
    type: str = ""
    time: str = ""
    offset: int = 0
    first: UUID | None = None
    unknown: tuple[str, ...] = ()  # sentences

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> "RunFilters":
        """Read the query of an address; what does not exist is left out and said."""
        asked = Conditions(query)
        return cls(
            asked.read("status", STATUSES),
            asked.read("type", STARTERS),
            asked.read("time", TIMES),
            asked.read_offset(),
            read_id(query.get("first")),
            tuple(asked.unknown),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether any condition is set."""
        return bool(self.status or self.type or self.time)

    @property
    def narrows_totals(self) -> bool:
        """Whether the totals by status are others than those of the whole environment."""
        return bool(self.type or self.time)

    @property
    def words(self) -> str:
        """The conditions in words, to follow on "no": "failed run by event in the last hour"."""
        kind = f"{STATUSES[self.status].lower()} run" if self.status else "run"
        source = f" started by {STARTERS[self.type]}" if self.type else ""
        when = f" in the {TIMES[self.time].words}" if self.time else ""
        return f"{kind}{source}{when}"

    def address(self, **changes: str) -> str:
        """Return the query of this list with some conditions changed, from its first row on."""
        return replace(self, offset=0, first=None, **changes).query_string()  # type: ignore[arg-type]  # texts only

    def page_address(self, position: int, first: UUID | None) -> str:
        """Return the query of the page that begins at a position; the first page carries no id."""
        if position <= 1:
            return self.address()
        return replace(self, offset=position - 1, first=first).query_string()

    def query_string(self) -> str:
        """Return these conditions as the query of an address, empty for none."""
        return query_string(
            {
                "status": self.status,
                "type": self.type,
                "time": self.time,
                "from": self.offset + 1 if self.offset else "",
                "first": self.first,
            }
        )

    def query(self, now: datetime, limit: int = PAGE_SIZE, offset: int = 0) -> RunQuery:
        """Return what to ask the Hot API for."""
        span = TIMES.get(self.time)
        return RunQuery(
            status=self.status or None,
            type=self.type or None,
            time_range=span.iso if span else None,
            since=now - span.length if span else None,
            limit=limit,
            offset=offset,
        )
