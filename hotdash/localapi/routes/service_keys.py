"""Service keys: what an API key gives to another service (contract 5.12)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from hotdash.localapi.credentials.auth import Request, hash_of, new_secret, token_of
from hotdash.localapi.credentials.giving import end_after, metadata_of, part_of, sealed_metadata
from hotdash.localapi.credentials.permission_maps import (
    EVERYTHING,
    OF_SERVICES,
    PermissionMap,
    checked,
    kind_of,
)
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.credentials.principals import Kind, Principal
from hotdash.localapi.envelopes import Listing, Page, Single, empty, listing, single
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import ServiceKey
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.schemas.credentials import (
    CENTURY,
    ChangedServiceKey,
    NewServiceKey,
    RevokedShape,
    ServiceKeyShape,
    service_key_shape,
)
from hotdash.localapi.scope import the

router = Router(tags=["service keys"])


@router.post("/service-keys", auth=May("key:*", "create"), response={201: Single[ServiceKeyShape]})
def create(request: Request, body: NewServiceKey) -> HttpResponse:
    """Make a service key with a part of the key's rights, and show its token this once."""
    principal = request.auth
    permissions = _permissions(principal, body)
    expires_at = _end(body)
    key_id, secret = new_id(), new_secret(Kind.SERVICE_KEY)
    key = ServiceKey.objects.create(
        service_key_id=key_id,
        api_key_id=principal.key_id,
        name=body.name,
        description=body.description,
        hash=hash_of(secret),
        permissions=permissions,
        sealed_metadata=sealed_metadata(principal, key_id, body.metadata, request.body),
        expires_at=expires_at,
    )
    token = token_of(key_id, secret, Kind.SERVICE_KEY)
    return single(service_key_shape(key, metadata_of(principal, key), token), 201)


@router.get("/service-keys", auth=May("key:*", "read"), response=Listing[ServiceKeyShape])
def index(request: Request, page: Query[Page]) -> HttpResponse:
    """List the key's own service keys, newest first, revoked and expired ones too.

    `total` counts all of them; the platform's counts those of the page, a defect.
    """
    rows = _own(request.auth)
    newest = page.cut(rows.order_by("-created_at", "-service_key_id"))
    shapes = (service_key_shape(row, metadata_of(request.auth, row)) for row in newest)
    return listing(shapes, page, rows.count())


@router.delete("/service-keys", auth=May("key:*", "delete"), response=Single[RevokedShape])
def revoke_all(request: Request) -> HttpResponse:
    """Revoke the key's own service keys, expired ones too, and say how many they were."""
    unrevoked = _own(request.auth).filter(revoked_at=None)
    return single({"revoked_count": unrevoked.update(revoked_at=timezone.now())})


@router.get(
    "/service-keys/{service_key_id}",
    auth=May("key:*", "read"),
    response=Single[ServiceKeyShape],
)
def show(request: Request, service_key_id: UUID) -> HttpResponse:
    """Return one of the key's own service keys."""
    return _single(request, the(_own(request.auth), service_key_id, "Service key"))


@router.patch(
    "/service-keys/{service_key_id}",
    auth=May("key:*", "update"),
    response=Single[ServiceKeyShape],
)
def update(request: Request, service_key_id: UUID, body: ChangedServiceKey) -> HttpResponse:
    """Replace the metadata where some is sent; a revoked key stays as it is."""
    with transaction.atomic():
        key = the(_own(request.auth).select_for_update(), service_key_id, "Service key")
        if key.revoked_at is not None:
            raise Refused(409, "This service key is revoked and cannot be changed.", "revoked")
        if "metadata" in body.model_fields_set:
            key.sealed_metadata = sealed_metadata(request.auth, key.pk, body.metadata, request.body)
            key.save(update_fields=["sealed_metadata"])
    return _single(request, key)


@router.delete("/service-keys/{service_key_id}", auth=May("key:*", "delete"), response={204: None})
def revoke(request: Request, service_key_id: UUID) -> HttpResponse:
    """Revoke one of the key's own service keys; revoking it again is no error."""
    the(_own(request.auth), service_key_id, "Service key")
    unrevoked = _own(request.auth).filter(pk=service_key_id, revoked_at=None)
    unrevoked.update(revoked_at=timezone.now())
    return empty()


def _own(principal: Principal) -> QuerySet[ServiceKey]:
    return ServiceKey.objects.filter(api_key_id=principal.key_id)


def _single(request: Request, key: ServiceKey) -> HttpResponse:
    return single(service_key_shape(key, metadata_of(request.auth, key)))


def _permissions(principal: Principal, body: NewServiceKey) -> PermissionMap:
    for resource in checked(body.permissions):
        if resource == EVERYTHING or kind_of(resource) not in OF_SERVICES:
            raise Refused(
                400,
                f"Invalid permissions: a service key may hold {', '.join(OF_SERVICES)}, "
                f"not '{resource[:100]}'.",
            )
    return part_of(principal, body.permissions)


def _end(body: NewServiceKey) -> datetime | None:
    return None if body.expires_in is None else end_after(body.expires_in, CENTURY)
