"""Projects: what builds are uploaded into (contract 5.1)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotdash.gateway import client, fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.exchange import Call
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import named, path
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class Project:
    """A named set of builds."""

    project_id: UUID
    env_id: UUID | None
    name: str
    is_active: bool
    created_at: datetime | None
    updated_at: datetime | None


def list_projects(gateway: Gateway, limit: int = 500, offset: int = 0) -> Page[Project]:
    """Return a page of projects, active ones first."""
    return lists.fetch_page(gateway, path("projects"), _shape, limit, offset)


def get_project(gateway: Gateway, project: str | UUID) -> Project:
    """Return one project by id or name."""
    return _shape(client.fetch(gateway, path("projects", named(project))))


def create_project(gateway: Gateway, name: str) -> Project:
    """Return the project of that name, made if it is not there yet."""
    return _shape(client.send(gateway, Call("POST", path("projects"), json={"name": name})).row)


def _shape(row: Row) -> Project:
    return Project(
        project_id=fields.own_id(row, "project_id"),
        env_id=fields.uuid(row, "env_id"),
        name=fields.text(row, "name"),
        is_active=fields.truth(row, "active"),
        created_at=fields.moment(row, "created_at"),
        updated_at=fields.moment(row, "updated_at"),
    )
