"""When a person leaves an organization, their keys to its environments are destroyed."""

import structlog
from django.db import transaction

from hotdash.credentials import operator
from hotdash.credentials.models import Credential
from hotdash.credentials.sealing import Unreadable
from hotdash.gateway.errors import GatewayError
from hotdash.orgs.members import remove_member
from hotdash.orgs.models import Membership

_LOG = structlog.stdlib.get_logger(__name__)


def leave(membership: Membership) -> None:
    """End a membership and every key that came with it; raise LastOwner and keep both.

    A minted key is revoked upstream as well. Where the embedded API does not answer the person
    is out all the same: the only copy of the key was here, sealed, and is gone.
    """
    with transaction.atomic():
        keys = list(
            Credential.objects.filter(
                user_id=membership.user_id,
                environment__organization_id=membership.organization_id,
            ).select_related("environment__organization")
        )
        remove_member(membership)
        Credential.objects.filter(pk__in=[key.pk for key in keys]).delete()
    for key in keys:
        _revoke(key)


def _revoke(credential: Credential) -> None:
    if credential.key_id is None:
        return  # the person's own, made elsewhere: only they can end it there
    try:
        operator.revoke(credential.environment, credential.key_id)
    except (GatewayError, Unreadable) as error:
        _LOG.warning(
            "a minted key was not revoked upstream", key_id=str(credential.key_id), why=str(error)
        )
