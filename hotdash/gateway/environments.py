"""The environment that a key opens (contract 5.11)."""

from dataclasses import dataclass
from uuid import UUID

from hotdash.gateway import client, fields
from hotdash.gateway.envelopes import Row
from hotdash.gateway.paths import path
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class Environment:
    """The upstream's own environment, not hotdash's row of it."""

    env_id: UUID
    org_id: UUID | None
    name: str
    is_active: bool


def get_environment(gateway: Gateway) -> Environment:
    """Return the environment that the gateway's key belongs to."""
    return shape_environment(client.fetch(gateway, path("env")))


def shape_environment(row: Row) -> Environment:
    """Return the environment of a resource; raises BadAnswer("shape") without an id."""
    return Environment(
        env_id=fields.own_id(row, "env_id"),
        org_id=fields.uuid(row, "org_id"),
        name=fields.text(row, "name"),
        is_active=fields.truth(row, "active"),
    )
