"""Projects: named sets of builds of which at most one runs (contract 5.1)."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import HttpResponse
from ninja import Query, Router

from hotdash.localapi import engine
from hotdash.localapi.archives import storage
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import Listing, Page, Single, empty, listing_of, single
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import Project
from hotdash.localapi.schemas.projects import (
    ActivationShape,
    NamedProject,
    ProjectShape,
    project_shape,
)
from hotdash.localapi.scope import environment_of, locked_project_of, project_of, projects_of

router = Router(tags=["projects"])


@router.get("/projects", auth=May("project:*", "read"), response=Listing[ProjectShape])
def index(request: Request, page: Query[Page]) -> HttpResponse:
    """List the environment's projects: active first, then the newest."""
    rows = projects_of(request.auth).order_by("-active", "-created_at", "-project_id")
    return listing_of(rows, page, project_shape)


@router.post("/projects", auth=May("project:*", "create"), response={201: Single[ProjectShape]})
def create(request: Request, body: NamedProject) -> HttpResponse:
    """Make a project, or find the one of that name and switch it on."""
    with transaction.atomic():
        project, _ = Project.objects.get_or_create(
            environment=environment_of(request.auth), name=body.name
        )
        project.reactivate()
    return single(project_shape(project), 201)


@router.get("/projects/{project}", auth=May("project:*", "read"), response=Single[ProjectShape])
def show(request: Request, project: str) -> HttpResponse:
    """Return a project by its id or name."""
    return single(project_shape(project_of(request.auth, project)))


@router.patch("/projects/{project}", auth=May("project:*", "update"), response=Single[ProjectShape])
def rename(request: Request, project: str, body: NamedProject) -> HttpResponse:
    """Give a project another name; a name that is taken is a conflict."""
    try:
        with transaction.atomic():
            row = locked_project_of(request.auth, project)
            row.name = body.name
            row.save(update_fields=["name", "updated_at"])
    except IntegrityError:
        raise Refused(409, "Another project of this environment has that name.") from None
    return single(project_shape(row))


@router.delete("/projects/{project}", auth=May("project:*", "delete"), response={204: None})
def delete(request: Request, project: str) -> HttpResponse:
    """Delete a project without builds, its context with it; one with builds is a conflict."""
    try:
        with transaction.atomic():
            locked_project_of(request.auth, project).delete()
    except (ProtectedError, IntegrityError):  # the second: a build came in between
        raise Refused(409, "The project has builds and cannot be deleted.") from None
    return empty()


@router.post(
    "/projects/{project}/activate",
    auth=May("project:*", "update"),
    response=Single[ActivationShape],
)
def activate(request: Request, project: str) -> HttpResponse:
    """Switch a project on and deploy its newest build again, if this server can run it."""
    with transaction.atomic():
        row = locked_project_of(request.auth, project)
        _set_active(row, is_active=True)
        answer: dict[str, Any] = {"project": project_shape(row)}
        newest = row.builds.order_by("-created_at", "-build_id").first()
        if newest is not None and storage.manifest_of(newest).is_python:
            engine.deploy(newest)
            answer["redeployed_build_id"] = newest.build_id
    return single(answer)


@router.post(
    "/projects/{project}/deactivate",
    auth=May("project:*", "update"),
    response=Single[ActivationShape],
)
def deactivate(request: Request, project: str) -> HttpResponse:
    """Switch a project off: no build of it is deployed, no schedule of it is due."""
    with transaction.atomic():
        row = locked_project_of(request.auth, project)
        _set_active(row, is_active=False)
        engine.undeploy(row)
    return single({"project": project_shape(row)})


def _set_active(project: Project, *, is_active: bool) -> None:
    project.active = is_active
    project.save(update_fields=["active", "updated_at"])
