"""The operator's door to the embedded API: it makes environments and keys, and no page opens it."""

from uuid import UUID

from django.conf import settings

from hotdash.credentials.sealing import Unreadable
from hotdash.credentials.upstreams import upstream_of
from hotdash.gateway.operator import create_environment, list_live_keys, mint_key, revoke_key
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway
from hotdash.orgs.models import Environment
from hotdash.orgs.roles import PermissionMap


def mint(environment: Environment, name: str, permissions: PermissionMap) -> tuple[UUID, Secret]:
    """Return a fresh key by this name; a former one of the same name ends at that moment."""
    env_id = environment.upstream_env_id or settle(environment)
    return mint_key(_door(environment), env_id, name, permissions)


def revoke(environment: Environment, key_id: UUID) -> None:
    """End a key upstream."""
    revoke_key(_door(environment), key_id)


def live_keys(environment: Environment) -> frozenset[UUID]:
    """Return the ids of the keys that the environment upstream still accepts."""
    return list_live_keys(_door(environment), settle(environment))


def settle(environment: Environment) -> UUID:
    """Return the environment's id upstream and record it, the environment made if need be."""
    # by organization and name, so that a start killed in between finds what it made
    made = create_environment(_door(environment), environment.organization_id, environment.slug)
    if environment.upstream_env_id != made.env_id:
        environment.upstream_env_id = made.env_id
        environment.save(update_fields=["upstream_env_id"])
    return made.env_id


def _door(environment: Environment) -> Gateway:
    if not environment.organization.may_run_code:
        raise Unreadable(
            f"{environment.organization.name} may not run code on this host. "
            f"The operator can allow it: manage.py embedded grant {environment.organization.slug}"
        )
    try:
        text = (settings.DATA_DIR / "operator-key").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise Unreadable(
            "The embedded API has not written its operator key yet. It does so when it starts."
        ) from None
    return Gateway(upstream_of(environment), Secret(text), person_id="operator")
