"""Environments and their keys on the wire (contract 5.11; docs/embedded-api.md)."""

from datetime import datetime
from typing import Annotated, NotRequired
from uuid import UUID

from ninja import Schema
from typing_extensions import TypedDict

from hotdash.localapi.bodies import Name
from hotdash.localapi.envelopes import OMIT, Extension, sent
from hotdash.localapi.models import ApiKey, Environment
from hotdash.localapi.schemas.permissions import Permissions


class EnvironmentShape(TypedDict):
    """An environment."""

    env_id: UUID
    org_id: UUID
    name: str
    active: bool


class QuotaShape(TypedDict):
    """What the older generation tells of an environment's limits, whole; -1 is unlimited."""

    compute_used_percent: int
    storage_used_percent: int
    requests_per_hour: int
    max_concurrent_runs: int


class ApiKeyShape(TypedDict):
    """An API key; its token is shown once, in the answer that made it."""

    key_id: UUID
    env_id: UUID | None
    name: str
    permissions: dict[str, list[str]]
    token: NotRequired[Annotated[str, Extension]]
    created_at: datetime


class NewEnvironment(Schema):
    """An environment to be made, or found."""

    org_id: UUID
    name: Name


class NewApiKey(Schema):
    """A key to be minted; a live one of the same name is revoked."""

    env_id: UUID
    name: Name
    permissions: Permissions


def environment_shape(environment: Environment) -> EnvironmentShape:
    """Return an environment as it is sent."""
    return {
        "env_id": environment.env_id,
        "org_id": environment.org_id,
        "name": environment.name,
        "active": environment.active,
    }


def api_key_shape(key: ApiKey, token: str | None = None) -> ApiKeyShape:
    """Return a key as it is sent; with its token only when it was just made."""
    shape: ApiKeyShape = {
        "key_id": key.key_id,
        "env_id": key.environment_id,
        "name": key.name,
        "permissions": key.permissions,
        "token": OMIT if token is None else token,
        "created_at": key.created_at,
    }
    return sent(shape)
