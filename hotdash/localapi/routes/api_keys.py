"""API keys, made and revoked by the operator key alone (docs/embedded-api.md)."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from hotdash.localapi.credentials.auth import Request, hash_of, new_secret, token_of
from hotdash.localapi.credentials.permission_maps import checked
from hotdash.localapi.credentials.permissions import operator
from hotdash.localapi.envelopes import (
    EXTENSION,
    Listing,
    Page,
    Single,
    empty,
    listing_of,
    single,
)
from hotdash.localapi.models import ApiKey, Environment
from hotdash.localapi.schemas.environments import ApiKeyShape, NewApiKey, api_key_shape
from hotdash.localapi.scope import the

router = Router(tags=["api keys"])


@router.post(
    "/api-keys", auth=operator, response={201: Single[ApiKeyShape]}, openapi_extra=EXTENSION
)
def create(request: Request, body: NewApiKey) -> HttpResponse:
    """Mint a key and show its token this once; a live key of the same name is revoked.

    A token cannot be shown again, so that asking twice must give a new one.
    """
    permissions = checked(body.permissions)
    environment = the(Environment.objects.all(), body.env_id, "Environment")
    secret = new_secret()
    with transaction.atomic():
        # the row lock makes two callers at once take turns on Postgres, as SQLite does anyway
        Environment.objects.select_for_update().get(pk=environment.pk)
        _live().filter(environment=environment, name=body.name).update(revoked_at=timezone.now())
        key = ApiKey.objects.create(
            environment=environment, name=body.name, hash=hash_of(secret), permissions=permissions
        )
    return single(api_key_shape(key, token_of(key.key_id, secret)), 201)


@router.get("/api-keys", auth=operator, response=Listing[ApiKeyShape], openapi_extra=EXTENSION)
def index(
    request: Request, page: Query[Page], env_id: UUID | None = None, org_id: UUID | None = None
) -> HttpResponse:
    """List the live keys of all environments, newest first; tokens are not known any more."""
    rows = _live().order_by("-key_id")
    if env_id:
        rows = rows.filter(environment_id=env_id)
    if org_id:
        rows = rows.filter(environment__org_id=org_id)
    return listing_of(rows, page, api_key_shape)


@router.delete("/api-keys/{key_id}", auth=operator, response={204: None}, openapi_extra=EXTENSION)
def revoke(request: Request, key_id: UUID) -> HttpResponse:
    """Revoke a key; revoking it again is no error."""
    key = the(ApiKey.objects.exclude(environment=None), key_id, "API key")
    if key.revoked_at is None:
        ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    return empty()


def _live() -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(revoked_at=None).exclude(environment=None)
