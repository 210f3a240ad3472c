"""Event handlers of the deployed build: which functions an event starts (contract 5.10)."""

from dataclasses import dataclass
from uuid import UUID

from hotdash.gateway import fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import named, path
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class EventHandler:
    """A function that runs for each event of its type."""

    event_handler_id: UUID
    build_id: UUID | None
    event_type: str
    ns: str
    var: str

    @property
    def function(self) -> str:
        """`ns/var`."""
        return f"{self.ns}/{self.var}"


def list_event_handlers(
    gateway: Gateway, project: str | UUID, limit: int = 500, offset: int = 0
) -> Page[EventHandler]:
    """Return the handlers of the project's deployed build; none if none is deployed."""
    handlers_path = path("projects", named(project), "event-handlers")
    return lists.fetch_page(gateway, handlers_path, _shape, limit, offset)


def _shape(row: Row) -> EventHandler:
    return EventHandler(
        event_handler_id=fields.own_id(row, "event_handler_id"),
        build_id=fields.uuid(row, "build_id"),
        event_type=fields.text(row, "event_type"),
        ns=fields.text(row, "ns"),
        var=fields.text(row, "var"),
    )
