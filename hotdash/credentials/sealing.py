"""Sealing a key to its person and place: moved anywhere else, it does not open."""

from uuid import UUID

from django.conf import settings

from hotdash.gateway.secret import Secret
from hotdash.host.keyring import CannotOpen
from hotdash.orgs.models import Environment


class Unreadable(Exception):
    """A stored key cannot be used; the text says what to do, for the person to read."""


def seal_key(key: Secret, user_id: UUID, environment: Environment, key_id: UUID | None) -> bytes:
    """Return the key sealed to person, environment, its address and what it is upstream."""
    return settings.KEY_RING.seal(
        key.reveal().encode(), bound_to=_place(user_id, environment, key_id)
    )


def open_key(
    sealed: bytes | memoryview, user_id: UUID, environment: Environment, key_id: UUID | None
) -> Secret:
    """Return the key; raise Unreadable where person, address or key ring is another."""
    try:
        plain = settings.KEY_RING.open(bytes(sealed), bound_to=_place(user_id, environment, key_id))
    except CannotOpen as error:
        raise Unreadable(
            f"Your key to {environment.name} cannot be opened any more. Enter it again."
        ) from error
    return Secret(plain.decode())


def _place(user_id: UUID, environment: Environment, key_id: UUID | None) -> tuple[str, ...]:
    # taken from the environment as it is now, never from the credential's own row:
    # whoever edits the address gets keys that do not open
    return (
        str(user_id),
        str(environment.pk),
        environment.origin,
        str(environment.upstream_env_id or ""),
        str(key_id or ""),
    )
