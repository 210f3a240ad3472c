"""The one key of one person to one environment."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotdash.accounts.models import User
from hotdash.credentials.minting import current_key
from hotdash.credentials.models import Credential
from hotdash.credentials.sealing import open_key, seal_key
from hotdash.credentials.trials import count_trial
from hotdash.credentials.upstreams import upstream_of
from hotdash.gateway.errors import WrongEnvironment
from hotdash.gateway.keys import try_key
from hotdash.gateway.secret import Secret
from hotdash.orgs.models import Environment, Membership, Organization


class AddressChanged(Exception):
    """The environment went to another address meanwhile; the text is for the person to read."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(
            f"While the key was tried, {environment.name} went to another address: "
            f"{environment.origin}. The key was not stored."
        )


def key_for(membership: Membership, environment: Environment) -> Secret | None:
    """Return the person's own key, None where they have none; raise Unreadable with words.

    On an embedded environment a missing or outdated key is minted on the spot.
    """
    credential = Credential.objects.filter(
        user_id=membership.user_id, environment=environment
    ).first()
    if environment.is_embedded:
        return current_key(membership, environment, credential)
    if credential is None:
        return None
    return open_key(credential.sealed, membership.user_id, environment, credential.key_id)


def store_key(person: User, environment: Environment, key: Secret) -> Credential:
    """Store a person's own key after trying it; raise GatewayError and change nothing if it fails.

    The first accepted key settles which environment this is upstream; a key to another raises
    WrongEnvironment, naming both. Raises TooManyTrials at the eleventh within an hour, and
    AddressChanged: a key goes nowhere but where it was tried.
    """
    count_trial(person)
    found = try_key(upstream_of(environment), key)
    with transaction.atomic():
        place = Environment.objects.select_for_update().get(pk=environment.pk)
        if place.origin != environment.origin:
            raise AddressChanged(place)
        if place.upstream_env_id is None:
            place.upstream_env_id = found.env_id
            place.save(update_fields=["upstream_env_id"])
        elif place.upstream_env_id != found.env_id:
            # settled by somebody else's key between our question and now
            raise WrongEnvironment(str(place.upstream_env_id), str(found.env_id))
        credential = keep_key(person, place, key)
    environment.upstream_env_id = place.upstream_env_id
    return credential


def keep_key(person: User, environment: Environment, key: Secret) -> Credential:
    """Seal a key that was tried, in place of the person's former one."""
    credential, _ = Credential.objects.update_or_create(
        user=person,
        environment=environment,
        defaults={
            "sealed": seal_key(key, person.pk, environment, None),
            "last4": key.reveal()[-4:],
            "key_id": None,
            "created_at": timezone.now(),
        },
    )
    return credential


def credential_of(person: User, environment: Environment) -> Credential | None:
    """Return what is known of a person's stored key without opening it."""
    return Credential.objects.filter(user=person, environment=environment).first()


def credentials_in(person: User, organization: Organization) -> dict[UUID, Credential]:
    """Return what is known of a person's keys in an organization, by environment id."""
    held = Credential.objects.filter(user=person, environment__organization=organization)
    return {credential.environment_id: credential for credential in held}


def remove_key(person: User, environment: Environment) -> bool:
    """Destroy a person's own key; return whether there was one."""
    with transaction.atomic():
        destroyed, _ = Credential.objects.filter(user=person, environment=environment).delete()
    return bool(destroyed)


def count_keys(environment: Environment) -> int:
    """Return how many people have a key to an environment."""
    return Credential.objects.filter(environment=environment).count()
