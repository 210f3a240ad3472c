"""Context variables that all projects of an environment share; a project's own go before them."""

from django.http import HttpResponse
from ninja import Query, Router

from hotdash.localapi.context.variables import Holder
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import (
    EXTENSION,
    Listing,
    Page,
    Single,
    empty,
    listing_of,
    single,
)
from hotdash.localapi.schemas.context import (
    ChangedContext,
    ContextShape,
    NewContext,
    context_shape,
)
from hotdash.localapi.scope import environment_of

router = Router(tags=["context"])


@router.get(
    "/env/context",
    auth=May("context:*", "read"),
    response=Listing[ContextShape],
    openapi_extra=EXTENSION,
)
def index(request: Request, page: Query[Page]) -> HttpResponse:
    """List the environment's own variables by key, never their values."""
    return listing_of(_holder(request).rows, page, context_shape)


@router.post(
    "/env/context",
    auth=May("context:*", "create"),
    response={201: Single[ContextShape]},
    openapi_extra=EXTENSION,
)
def create(request: Request, body: NewContext) -> HttpResponse:
    """Make a variable; a key that is there is a conflict."""
    return single(context_shape(_holder(request).create(body)), 201)


@router.put(
    "/env/context/{path:key}",
    auth=May("context:*", "update"),
    response=Single[ContextShape],
    openapi_extra=EXTENSION,
)
def update(request: Request, key: str, body: ChangedContext) -> HttpResponse:
    """Give a variable another value; a description that is left out stays."""
    return single(context_shape(_holder(request).change(key, body)))


@router.delete(
    "/env/context/{path:key}",
    auth=May("context:*", "delete"),
    response={204: None},
    openapi_extra=EXTENSION,
)
def delete(request: Request, key: str) -> HttpResponse:
    """Delete a variable."""
    _holder(request).delete(key)
    return empty()


def _holder(request: Request) -> Holder:
    return Holder(environment_of(request.auth))
