"""What an API key gives away as a session or service key (contract 2.2, 5.12)."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from hotdash.host.keyring import CannotOpen
from hotdash.localapi.bodies import text_of
from hotdash.localapi.context.seal import open_metadata, seal_metadata
from hotdash.localapi.credentials.permission_maps import PermissionMap, checked, first_beyond
from hotdash.localapi.credentials.principals import Principal
from hotdash.localapi.envelopes import OMIT, stored
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import ServiceKey, Session
from hotdash.localapi.scope import environment_of

_LOG = logging.getLogger(__name__)
_LARGEST_METADATA = 64 * 1024


def part_of(principal: Principal, permissions: Mapping[str, Any]) -> PermissionMap:
    """Return a permission map that is within the giver's own; raise 400 or 403 in words."""
    wanted = checked(permissions)
    beyond = first_beyond(wanted, principal.permissions)
    if beyond is not None:
        resource, action = beyond
        raise Refused(
            403,
            f"This API key may not {action} {resource[:100]} itself, so it cannot give that away.",
            "permission_escalation",
        )
    return wanted


def end_after(seconds: int, longest: int) -> datetime:
    """Return the time so many seconds from now; raise 400 outside 1 to the longest."""
    if not 1 <= seconds <= longest:
        raise Refused(400, f"expires_in is a number of seconds from 1 to {longest:,}.")
    return timezone.now() + timedelta(seconds=seconds)


def sealed_metadata(
    principal: Principal, credential_id: UUID, metadata: Any, body: bytes
) -> bytes | None:
    """Return the metadata of a request's body as it is kept: as it was written, and sealed.

    `null` and `{}` are kept as nothing (contract 5.12). Raises 413.
    """
    if metadata is None or metadata == {}:
        return None
    text = text_of(body, "metadata")
    if len(text.encode()) > _LARGEST_METADATA:
        raise Refused(413, "The metadata is larger than 64 KiB.")
    environment = environment_of(principal)
    return seal_metadata(environment.org_id, environment.env_id, credential_id, text)


def metadata_of(principal: Principal, row: Session | ServiceKey) -> Any:
    """Return the metadata as it is sent, OMIT where none is kept or its key is lost."""
    if row.sealed_metadata is None:
        return OMIT
    environment = environment_of(principal)
    try:
        text = open_metadata(
            environment.org_id, environment.env_id, row.pk, bytes(row.sealed_metadata)
        )
    except CannotOpen:
        # one lost key must not hide what can still be listed and revoked
        _LOG.exception("the metadata of credential %s cannot be opened", row.pk)
        return OMIT
    return stored(text)
