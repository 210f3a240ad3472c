"""A key's environment, and the operator's list of all (contract 5.11; docs/embedded-api.md)."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from ninja import Query, Router

from hotdash.host import environment as process_environment
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May, operator
from hotdash.localapi.envelopes import EXTENSION, Listing, Page, Single, listing_of, single
from hotdash.localapi.files.limits import used_percent
from hotdash.localapi.models import Environment
from hotdash.localapi.schemas.environments import (
    EnvironmentShape,
    NewEnvironment,
    QuotaShape,
    environment_shape,
)
from hotdash.localapi.scope import environment_of

router = Router(tags=["environments"])


@router.get("/env", auth=May("env:*", "read"), response=Single[EnvironmentShape])
def show(request: Request) -> HttpResponse:
    """Return the environment of the key."""
    return single(environment_shape(environment_of(request.auth)))


@router.get(
    "/env/quota",
    auth=May("env:*", "read"),
    response=Single[QuotaShape],
    openapi_extra=EXTENSION,
)
def quota(request: Request) -> HttpResponse:
    """Return the environment's limits as the older generation tells them."""
    limits: QuotaShape = {
        "compute_used_percent": 0,
        "storage_used_percent": round(used_percent(environment_of(request.auth).org_id)),
        "requests_per_hour": -1,
        "max_concurrent_runs": process_environment.number("HOTDASH_RUN_SLOTS"),
    }
    return single(limits)


@router.post(
    "/envs", auth=operator, response={201: Single[EnvironmentShape]}, openapi_extra=EXTENSION
)
def create(request: Request, body: NewEnvironment) -> HttpResponse:
    """Make an environment, or find the one of that organization and name."""
    with transaction.atomic():
        environment, _ = Environment.objects.get_or_create(org_id=body.org_id, name=body.name)
    return single(environment_shape(environment), 201)


@router.get("/envs", auth=operator, response=Listing[EnvironmentShape], openapi_extra=EXTENSION)
def index(request: Request, page: Query[Page], org_id: UUID | None = None) -> HttpResponse:
    """List all environments, or those of one organization, by name."""
    rows = Environment.objects.order_by("name", "env_id")
    return listing_of(rows.filter(org_id=org_id) if org_id else rows, page, environment_shape)
