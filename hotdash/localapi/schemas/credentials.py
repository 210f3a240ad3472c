"""Sessions and service keys on the wire (contract 5.12)."""

from datetime import datetime
from typing import Annotated, Any, NotRequired
from uuid import UUID

from ninja import Field, Schema
from typing_extensions import TypedDict

from hotdash.localapi.bodies import Text, Whole
from hotdash.localapi.credentials.permission_maps import PermissionMap
from hotdash.localapi.envelopes import OMIT, sent
from hotdash.localapi.models import ServiceKey, Session
from hotdash.localapi.schemas.permissions import ForServices, Permissions

DAY = 24 * 3600
CENTURY = 100 * 365 * DAY  # the platform has no maximum; times end in the year 9999
Name = Annotated[Text, Field(max_length=1024)] | None
Description = Annotated[Text, Field(max_length=4096)] | None


def _up_to(seconds: int) -> Any:
    """Return the bounds as the document tells them; giving.py refuses in words what is outside."""
    return Field(json_schema_extra={"minimum": 1, "maximum": seconds})


class SessionShape(TypedDict):
    """A session; its token is shown once, in the answer that made it."""

    session_id: UUID
    token: NotRequired[str]
    permissions: PermissionMap
    metadata: NotRequired[Any]
    expires_at: datetime
    created_at: datetime
    last_used_at: NotRequired[datetime]


class ServiceKeyShape(TypedDict):
    """A service key; its token is shown once, in the answer that made it."""

    service_key_id: UUID
    name: str | None
    description: str | None
    token: NotRequired[str]
    permissions: PermissionMap
    metadata: NotRequired[Any]
    expires_at: NotRequired[datetime]
    revoked_at: NotRequired[datetime]
    created_at: datetime
    last_used_at: NotRequired[datetime]


class RevokedShape(TypedDict):
    """How many credentials were revoked at once."""

    revoked_count: int


class NewSession(Schema):
    """A session to be made: a part of the key's rights, for an hour unless said otherwise."""

    permissions: Permissions
    metadata: Any = None
    expires_in: Annotated[Whole, _up_to(DAY)] | None = None


class NewServiceKey(Schema):
    """A service key to be made; without `expires_in` it never expires."""

    permissions: ForServices
    name: Name = None
    description: Description = None
    metadata: Any = None
    expires_in: Annotated[Whole, _up_to(CENTURY)] | None = None


class ChangedServiceKey(Schema):
    """Other metadata; `null` and `{}` erase it, left out it stays."""

    metadata: Any = None


def session_shape(session: Session, metadata: Any, token: str | None = None) -> SessionShape:
    """Return a session as it is sent; with its token only when it was just made."""
    shape: SessionShape = {
        "session_id": session.session_id,
        "token": OMIT if token is None else token,
        "permissions": session.permissions,
        "metadata": metadata,
        "expires_at": session.expires_at,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at or OMIT,
    }
    return sent(shape)


def service_key_shape(key: ServiceKey, metadata: Any, token: str | None = None) -> ServiceKeyShape:
    """Return a service key as it is sent; with its token only when it was just made."""
    shape: ServiceKeyShape = {
        "service_key_id": key.service_key_id,
        "name": key.name,
        "description": key.description,
        "token": OMIT if token is None else token,
        "permissions": key.permissions,
        "metadata": metadata,
        "expires_at": key.expires_at or OMIT,
        "revoked_at": key.revoked_at or OMIT,
        "created_at": key.created_at,
        "last_used_at": key.last_used_at or OMIT,
    }
    return sent(shape)
