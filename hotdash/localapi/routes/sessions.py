"""Sessions: what an API key gives to a browser or device, for a day at most (contract 5.12)."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from hotdash.localapi.credentials.auth import Request, hash_of, live, new_secret, token_of
from hotdash.localapi.credentials.giving import end_after, metadata_of, part_of, sealed_metadata
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.credentials.principals import Kind, Principal
from hotdash.localapi.envelopes import Listing, Page, Single, empty, listing, single
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import ApiKey, Session
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.schemas.credentials import (
    DAY,
    NewSession,
    RevokedShape,
    SessionShape,
    session_shape,
)
from hotdash.localapi.scope import the

router = Router(tags=["sessions"])
_HOUR = 3600
_MOST = 1000


@router.post("/sessions", auth=May("session:*", "create"), response={201: Single[SessionShape]})
def create(request: Request, body: NewSession) -> HttpResponse:
    """Make a session with a part of the key's rights, and show its token this once."""
    principal = request.auth
    session_id, secret = new_id(), new_secret(Kind.SESSION)
    session = Session(
        session_id=session_id,
        api_key_id=principal.key_id,
        hash=hash_of(secret),
        permissions=part_of(principal, body.permissions),
        expires_at=end_after(_HOUR if body.expires_in is None else body.expires_in, DAY),
        sealed_metadata=sealed_metadata(principal, session_id, body.metadata, request.body),
    )
    _keep(principal, session)
    token = token_of(session_id, secret, Kind.SESSION)
    return single(session_shape(session, metadata_of(principal, session), token), 201)


@router.get("/sessions", auth=May("session:*", "read"), response=Listing[SessionShape])
def index(request: Request, page: Query[Page]) -> HttpResponse:
    """List the key's own sessions that are active, newest first."""
    rows = _active(request.auth)
    newest = page.cut(rows.order_by("-created_at", "-session_id"))
    shapes = (session_shape(row, metadata_of(request.auth, row)) for row in newest)
    return listing(shapes, page, rows.count())


@router.delete("/sessions", auth=May("session:*", "delete"), response=Single[RevokedShape])
def revoke_all(request: Request) -> HttpResponse:
    """Revoke the key's own active sessions, and say how many they were."""
    return single({"revoked_count": _active(request.auth).update(revoked_at=timezone.now())})


@router.delete("/sessions/{session_id}", auth=May("session:*", "delete"), response={204: None})
def revoke(request: Request, session_id: UUID) -> HttpResponse:
    """Revoke one of the key's own sessions; revoking it again is no error."""
    own = Session.objects.filter(api_key_id=request.auth.key_id)
    the(own, session_id, "Session")
    own.filter(pk=session_id, revoked_at=None).update(revoked_at=timezone.now())
    return empty()


def _active(principal: Principal) -> QuerySet[Session]:
    return live(Kind.SESSION).filter(api_key_id=principal.key_id)


@transaction.atomic
def _keep(principal: Principal, session: Session) -> None:
    # the row lock makes two callers at once take turns on Postgres, as SQLite does anyway
    ApiKey.objects.select_for_update().get(pk=principal.key_id)
    if _active(principal).count() >= _MOST:
        raise Refused(
            429,
            f"This API key has {_MOST:,} active sessions: revoke some, or let them expire.",
            "session_limit_exceeded",
        )
    session.save(force_insert=True)
