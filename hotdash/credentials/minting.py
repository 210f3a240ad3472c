"""Keys to embedded environments: hotdash mints each person's own and shows it to nobody."""

from uuid import UUID

from django.db import transaction

from hotdash.credentials import operator
from hotdash.credentials.models import Credential
from hotdash.credentials.sealing import Unreadable, open_key, seal_key
from hotdash.gateway.secret import Secret
from hotdash.orgs.models import Environment, Membership
from hotdash.orgs.roles import UPSTREAM_VERSION, Role, upstream_permissions


def current_key(
    membership: Membership, environment: Environment, credential: Credential | None
) -> Secret:
    """Return the person's key if it still fits their role, else one minted now."""
    if credential is not None and _fits(credential, membership):
        try:
            return _opened(credential, environment)
        except Unreadable:
            pass  # the ring or the port changed: a new key is had for the asking
    return mint(membership, environment)


def mint(membership: Membership, environment: Environment) -> Secret:
    """Mint the person's key with the permissions of their role, store it sealed, and return it.

    Raises Unreadable with words where the organization may not run code, and GatewayError where
    the embedded API does not answer.
    """
    role = Role(membership.role)
    key_id, key = operator.mint(environment, str(membership.user_id), upstream_permissions(role))
    return _stored(membership, environment, key_id, key)


def _stored(membership: Membership, environment: Environment, key_id: UUID, key: Secret) -> Secret:
    with transaction.atomic():
        held = (
            Credential.objects.select_for_update()
            .filter(user_id=membership.user_id, environment=environment)
            .first()
        )
        # Two requests may mint at once, and the second ends the first one's key upstream. Key ids
        # are time-ordered by the one server that gives them: the greater is the one that lives.
        if held is not None and held.key_id is not None and held.key_id > key_id:
            return _opened(held, environment)
        Credential.objects.update_or_create(
            user_id=membership.user_id,
            environment=environment,
            defaults={
                "sealed": seal_key(key, membership.user_id, environment, key_id),
                "last4": key.reveal()[-4:],
                "key_id": key_id,
                "role": membership.role,
                "role_version": UPSTREAM_VERSION,
            },
        )
    return key


def _fits(credential: Credential, membership: Membership) -> bool:
    return credential.role == membership.role and credential.role_version == UPSTREAM_VERSION


def _opened(credential: Credential, environment: Environment) -> Secret:
    return open_key(credential.sealed, credential.user_id, environment, credential.key_id)
