"""Context variables of a project: names and descriptions, never values (contract 5.4)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hotdash.gateway import client, fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.exchange import Call
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import named, path
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class ContextVariable:
    """A name that handlers read a value by."""

    key: str
    description: str | None
    created_at: datetime | None
    updated_at: datetime | None


def list_context(
    gateway: Gateway, project: str | UUID, limit: int = 500, offset: int = 0
) -> Page[ContextVariable]:
    """Return a page of the project's variables, by name."""
    context_path = path("projects", named(project), "context")
    return lists.fetch_page(gateway, context_path, _shape, limit, offset)


def create_context(
    gateway: Gateway, project: str | UUID, key: str, value: Any, description: str | None = None
) -> ContextVariable:
    """Make a variable; its value is sent as JSON text, which is what the runtime reads."""
    body = {"key": key, "value": json.dumps(value), "description": description}
    call = Call("POST", path("projects", named(project), "context"), json=body)
    return _shape(client.send(gateway, call).row)


def update_context(
    gateway: Gateway, project: str | UUID, key: str, value: Any, description: str | None
) -> ContextVariable:
    """Change a variable; without a description the server would erase the one it has."""
    body = {"value": json.dumps(value), "description": description}
    call = Call("PUT", path("projects", named(project), "context", named(key)), json=body)
    return _shape(client.send(gateway, call).row)


def delete_context(gateway: Gateway, project: str | UUID, key: str) -> None:
    """Delete a variable; raises Refused(404) for one that is not there."""
    client.send(gateway, Call("DELETE", path("projects", named(project), "context", named(key))))


def _shape(row: Row) -> ContextVariable:
    return ContextVariable(
        key=fields.text(row, "key"),
        description=fields.maybe_text(row, "description"),
        created_at=fields.moment(row, "created_at"),
        updated_at=fields.moment(row, "updated_at"),
    )
