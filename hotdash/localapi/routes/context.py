"""Context variables: sealed when they come, opened only for runs (contract 5.4)."""

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from ninja import Query, Router

from hotdash.localapi.auth import Request
from hotdash.localapi.envelopes import Listing, Page, Single, empty, listing_of, single
from hotdash.localapi.errors import Refused, not_found
from hotdash.localapi.models import ContextVariable, Project
from hotdash.localapi.permissions import May
from hotdash.localapi.principals import Principal
from hotdash.localapi.schemas.context import (
    ChangedContext,
    ContextShape,
    NewContext,
    context_shape,
)
from hotdash.localapi.scope import environment_of, project_of
from hotdash.localapi.seal import seal_value

router = Router(tags=["context"])


@router.get(
    "/projects/{project}/context", auth=May("context:*", "read"), response=Listing[ContextShape]
)
def index(request: Request, project: str, page: Query[Page]) -> HttpResponse:
    """List a project's variables by key, never their values."""
    rows = ContextVariable.objects.filter(project=project_of(request.auth, project))
    return listing_of(rows.defer("sealed").order_by("key"), page, context_shape)


@router.post(
    "/projects/{project}/context",
    auth=May("context:*", "create"),
    response={201: Single[ContextShape]},
)
def create(request: Request, project: str, body: NewContext) -> HttpResponse:
    """Make a variable; a key that is there is a conflict."""
    row = project_of(request.auth, project)
    try:
        with transaction.atomic():
            variable = ContextVariable.objects.create(
                project=row,
                key=body.key,
                description=body.description,
                sealed=_sealed(request.auth, row, body.key, body.value),
            )
    except IntegrityError:
        raise Refused(409, "The project has a context variable of that key.") from None
    return single(context_shape(variable), 201)


@router.put(
    "/projects/{project}/context/{path:key}",
    auth=May("context:*", "update"),
    response=Single[ContextShape],
)
def update(request: Request, project: str, key: str, body: ChangedContext) -> HttpResponse:
    """Give a variable another value; a description that is left out is cleared."""
    row = project_of(request.auth, project)
    variable = _variable(row, key)
    variable.description = body.description
    variable.sealed = _sealed(request.auth, row, key, body.value)
    variable.save()
    return single(context_shape(variable))


@router.delete(
    "/projects/{project}/context/{path:key}",
    auth=May("context:*", "delete"),
    response={204: None},
)
def delete(request: Request, project: str, key: str) -> HttpResponse:
    """Delete a variable."""
    _variable(project_of(request.auth, project), key).delete()
    return empty()


def _variable(project: Project, key: str) -> ContextVariable:
    variable = ContextVariable.objects.filter(project=project, key=key).first()
    if variable is None:
        raise not_found("Context variable")
    return variable


def _sealed(key: Principal, project: Project, name: str, value: str) -> bytes:
    environment = environment_of(key)
    return seal_value(environment.org_id, environment.env_id, project.project_id, name, value)
