"""Sealing every stored key anew with the first key of the ring, one by one."""

from collections.abc import Generator
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.db import transaction

from hotdash.credentials.models import Credential
from hotdash.credentials.sealing import Unreadable, open_key, seal_key


class Outcome(Enum):
    """What became of one stored key."""

    SEALED = "sealed anew"
    KEPT = "already sealed with the first key"
    UNREADABLE = "cannot be opened"


def reseal_all() -> Generator[tuple[Outcome, str], None, None]:
    """Yield the outcome and the place of each stored key, each written before it is yielded.

    Stopped at any point it has lost nothing, and begun again it goes on where it stopped.
    """
    for pk in list(Credential.objects.order_by("pk").values_list("pk", flat=True)):
        done = _reseal(pk)
        if done is not None:
            yield done


@transaction.atomic
def _reseal(pk: UUID) -> tuple[Outcome, str] | None:
    held = Credential.objects.select_for_update(of=("self",)).filter(pk=pk)
    credential = held.select_related("environment__organization", "user").first()
    if credential is None:
        return None  # removed since the list was made
    environment = credential.environment
    place = f"{credential.user.email} in {environment.organization.slug}/{environment.slug}"
    sealed = bytes(credential.sealed)
    if settings.KEY_RING.seals_now(sealed):
        return Outcome.KEPT, place
    try:
        key = open_key(sealed, credential.user_id, environment, credential.key_id)
    except Unreadable:
        return Outcome.UNREADABLE, place
    anew = seal_key(key, credential.user_id, environment, credential.key_id)
    # not save(): the key is the same, so nobody who listens with it has to come back
    Credential.objects.filter(pk=pk).update(sealed=anew)
    return Outcome.SEALED, place
