"""Context variables of projects, and those that all projects of an environment share.

Sealed when they come, opened only for runs; a project's own goes before (contract 5.4).
"""

from django.http import HttpResponse
from ninja import Query, Router

from hotdash.localapi.context.variables import Holder
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import EXTENSION, Listing, Page, Single, empty, listing_of, single
from hotdash.localapi.schemas.context import (
    ChangedContext,
    ContextShape,
    NewContext,
    context_shape,
)
from hotdash.localapi.scope import environment_of, project_of

router = Router(tags=["context"])
_READ, _CREATE = May("context:*", "read"), May("context:*", "create")
_UPDATE, _DELETE = May("context:*", "update"), May("context:*", "delete")
_OF_PROJECT, _ONE_OF_PROJECT = (
    "/projects/{project}/context",
    "/projects/{project}/context/{path:key}",
)
_SHARED, _ONE_SHARED = "/env/context", "/env/context/{path:key}"


@router.get(_OF_PROJECT, auth=_READ, response=Listing[ContextShape])
def index(request: Request, project: str, page: Query[Page]) -> HttpResponse:
    """List a project's variables by key, never their values."""
    return listing_of(_holder(request, project).rows, page, context_shape)


@router.post(_OF_PROJECT, auth=_CREATE, response={201: Single[ContextShape]})
def create(request: Request, project: str, body: NewContext) -> HttpResponse:
    """Make a variable; a key that is there is a conflict."""
    return single(context_shape(_holder(request, project).create(body)), 201)


@router.put(_ONE_OF_PROJECT, auth=_UPDATE, response=Single[ContextShape])
def update(request: Request, project: str, key: str, body: ChangedContext) -> HttpResponse:
    """Give a variable another value; a description that is left out stays."""
    return single(context_shape(_holder(request, project).change(key, body)))


@router.delete(_ONE_OF_PROJECT, auth=_DELETE, response={204: None})
def delete(request: Request, project: str, key: str) -> HttpResponse:
    """Delete a variable."""
    _holder(request, project).delete(key)
    return empty()


@router.get(_SHARED, auth=_READ, response=Listing[ContextShape], openapi_extra=EXTENSION)
def index_shared(request: Request, page: Query[Page]) -> HttpResponse:
    """List the environment's own variables by key, never their values."""
    return listing_of(_holder(request).rows, page, context_shape)


@router.post(_SHARED, auth=_CREATE, response={201: Single[ContextShape]}, openapi_extra=EXTENSION)
def create_shared(request: Request, body: NewContext) -> HttpResponse:
    """Make a variable that all projects share; a key that is there is a conflict."""
    return single(context_shape(_holder(request).create(body)), 201)


@router.put(_ONE_SHARED, auth=_UPDATE, response=Single[ContextShape], openapi_extra=EXTENSION)
def update_shared(request: Request, key: str, body: ChangedContext) -> HttpResponse:
    """Give a shared variable another value; a description that is left out stays."""
    return single(context_shape(_holder(request).change(key, body)))


@router.delete(_ONE_SHARED, auth=_DELETE, response={204: None}, openapi_extra=EXTENSION)
def delete_shared(request: Request, key: str) -> HttpResponse:
    """Delete a shared variable."""
    _holder(request).delete(key)
    return empty()


def _holder(request: Request, project: str | None = None) -> Holder:
    """Return whose variables are meant: a project's, or without one the environment's."""
    owner = None if project is None else project_of(request.auth, project)
    return Holder(environment_of(request.auth), owner)
