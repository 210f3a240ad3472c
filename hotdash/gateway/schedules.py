"""Schedules of the deployed build: which functions the clock starts (contract 5.10)."""

from dataclasses import dataclass
from uuid import UUID

from hotdash.gateway import fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import named, path
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class Schedule:
    """A function and when it runs; `cron` is free text, such as `every 1 hour`."""

    schedule_id: UUID
    build_id: UUID | None
    cron: str
    ns: str
    var: str

    @property
    def function(self) -> str:
        """`ns/var`."""
        return f"{self.ns}/{self.var}"


def list_schedules(
    gateway: Gateway, project: str | UUID, limit: int = 500, offset: int = 0
) -> Page[Schedule]:
    """Return the schedules of the project's deployed build; none if none is deployed."""
    schedules_path = path("projects", named(project), "schedules")
    return lists.fetch_page(gateway, schedules_path, _shape, limit, offset)


def _shape(row: Row) -> Schedule:
    return Schedule(
        schedule_id=fields.own_id(row, "schedule_id"),
        build_id=fields.uuid(row, "build_id"),
        cron=fields.text(row, "cron"),
        ns=fields.text(row, "ns"),
        var=fields.text(row, "var"),
    )
