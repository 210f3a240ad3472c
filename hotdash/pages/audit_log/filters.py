"""Which part of the audit log is asked for: by person, action and time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from hotdash.audit.reading import Search
from hotdash.kit.conditions import Conditions, query_string
from hotdash.orgs.models import Organization

TIMES = {
    "1h": ("last hour", timedelta(hours=1)),
    "24h": ("last 24 hours", timedelta(hours=24)),
    "7d": ("last 7 days", timedelta(days=7)),
    "30d": ("last 30 days", timedelta(days=30)),
}


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, by the word that stands in the address."""

    person: Mapping[str, str]
    action: Mapping[str, str]
    time: Mapping[str, str]


@dataclass(frozen=True)
class AuditFilters:
    """The conditions of an address; a word that is no choice is left out and said in `unknown`."""

    person: str = ""
    action: str = ""
    time: str = ""
    offset: int = 0
    unknown: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: Mapping[str, str], choices: Choices) -> "AuditFilters":
        """Return the conditions of a query; nothing in it is an error."""
        asked = Conditions(query, " in this log")
        return cls(
            asked.read("person", choices.person),
            asked.read("action", choices.action),
            asked.read("time", choices.time),
            asked.read_offset(),
            tuple(asked.unknown),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether any condition is set."""
        return bool(self.person or self.action or self.time)

    def search(self, organization: Organization, now: datetime) -> Search:
        """Return what to look for in the record."""
        return Search(
            organization,
            person_id=UUID(self.person) if self.person else None,
            action=self.action,
            since=now - TIMES[self.time][1] if self.time else None,
        )

    def address(self, **changes: str) -> str:
        """Return the query of this list with some conditions changed, from its first row on."""
        return replace(self, offset=0, **changes).query_string()  # type: ignore[arg-type]  # texts only

    def page_address(self, position: int) -> str:
        """Return the query of the page that begins at a position."""
        return replace(self, offset=position - 1).query_string()

    def query_string(self) -> str:
        """Return these conditions as the query of an address, empty for none."""
        return query_string(
            {
                "person": self.person,
                "action": self.action,
                "time": self.time,
                "from": self.offset + 1 if self.offset else "",
            }
        )
