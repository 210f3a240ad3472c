"""What only the operator key may ask: environments and API keys of the embedded API."""

from uuid import UUID

from hotdash.gateway import client, fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.environments import Environment, shape_environment
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.exchange import Call
from hotdash.gateway.paths import identifier, path
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway

Permissions = dict[str, list[str]]  # "<type>:<path>" to actions (contract 2.2)


def create_environment(gateway: Gateway, org_id: UUID, name: str) -> Environment:
    """Return the organization's environment of that name, made if it is not there yet."""
    body = {"org_id": str(org_id), "name": name}
    return shape_environment(client.send(gateway, Call("POST", path("envs"), json=body)).row)


def mint_key(
    gateway: Gateway, env_id: UUID, name: str, permissions: Permissions
) -> tuple[UUID, Secret]:
    """Return the id and the text of a new key; a live one of the same name is revoked by it."""
    body = {"env_id": str(env_id), "name": name, "permissions": permissions}
    row = client.send(gateway, Call("POST", path("api-keys"), json=body)).row
    token = fields.text(row, "token")
    if not token:
        raise BadAnswer("shape")
    return fields.own_id(row, "key_id"), Secret(token)


def list_live_keys(gateway: Gateway, env_id: UUID) -> frozenset[UUID]:
    """Return the ids of all keys of an environment that have not been revoked."""
    found: list[UUID] = []
    while True:
        page = lists.fetch_page(
            gateway, path("api-keys"), _key_id, lists.MAX_LIMIT, len(found), env_id=str(env_id)
        )
        found += page.rows
        if not page.has_more:
            return frozenset(found)


def revoke_key(gateway: Gateway, key_id: UUID | str) -> None:
    """Take a key back; nothing happens to one that is gone already."""
    client.send(gateway, Call("DELETE", path("api-keys", identifier(key_id))))


def _key_id(row: Row) -> UUID:
    return fields.own_id(row, "key_id")
