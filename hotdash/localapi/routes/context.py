"""Context variables of projects: sealed when they come, opened only for runs (contract 5.4)."""

from django.http import HttpResponse
from ninja import Query, Router

from hotdash.localapi.context.variables import Holder
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import Listing, Page, Single, empty, listing_of, single
from hotdash.localapi.schemas.context import (
    ChangedContext,
    ContextShape,
    NewContext,
    context_shape,
)
from hotdash.localapi.scope import environment_of, project_of

router = Router(tags=["context"])


@router.get(
    "/projects/{project}/context", auth=May("context:*", "read"), response=Listing[ContextShape]
)
def index(request: Request, project: str, page: Query[Page]) -> HttpResponse:
    """List a project's variables by key, never their values."""
    return listing_of(_holder(request, project).rows, page, context_shape)


@router.post(
    "/projects/{project}/context",
    auth=May("context:*", "create"),
    response={201: Single[ContextShape]},
)
def create(request: Request, project: str, body: NewContext) -> HttpResponse:
    """Make a variable; a key that is there is a conflict."""
    return single(context_shape(_holder(request, project).create(body)), 201)


@router.put(
    "/projects/{project}/context/{path:key}",
    auth=May("context:*", "update"),
    response=Single[ContextShape],
)
def update(request: Request, project: str, key: str, body: ChangedContext) -> HttpResponse:
    """Give a variable another value; a description that is left out stays."""
    return single(context_shape(_holder(request, project).change(key, body)))


@router.delete(
    "/projects/{project}/context/{path:key}",
    auth=May("context:*", "delete"),
    response={204: None},
)
def delete(request: Request, project: str, key: str) -> HttpResponse:
    """Delete a variable."""
    _holder(request, project).delete(key)
    return empty()


def _holder(request: Request, project: str) -> Holder:
    return Holder(environment_of(request.auth), project_of(request.auth, project))
