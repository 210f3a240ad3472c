"""Builds: uploaded, listed, deployed, downloaded (contract 5.2, 5.3)."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Form, Query, Router, UploadedFile

from hotdash.localapi import downloads, engine
from hotdash.localapi.archives import archive, storage, uploads
from hotdash.localapi.archives.uploads import Arrival
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import Listing, Page, Single, listing, listing_of, single
from hotdash.localapi.errors import Refused, not_found
from hotdash.localapi.models import Build
from hotdash.localapi.schemas.builds import (
    BuildShape,
    BuildUploadShape,
    build_shape,
    build_with_project_shape,
    upload_shape,
)
from hotdash.localapi.scope import builds_of, project_of, the

router = Router(tags=["builds"])
_READ = May("build:*", "read")
# both are asked for in words, not by the form's own refusal
_FORM = {
    "requestBody": {"content": {"multipart/form-data": {"schema": {"required": ["file", "hash"]}}}}
}
_ORDER = ("-deployed", "-created_at", "-build_id")


@router.get("/builds", auth=_READ, response=Listing[BuildShape])
def index(request: Request, page: Query[Page]) -> HttpResponse:
    """List the environment's builds: deployed first, then the newest."""
    rows = builds_of(request.auth)
    chosen = page.cut(rows.select_related("project").order_by(*_ORDER))
    return listing(map(build_with_project_shape, chosen), page, rows.count())


@router.get("/projects/{project}/builds", auth=_READ, response=Listing[BuildShape])
def of_project(request: Request, project: str, page: Query[Page]) -> HttpResponse:
    """List a project's builds: the deployed one first, then the newest."""
    return listing_of(_of(request, project).order_by(*_ORDER), page, build_shape)


@router.post(
    "/projects/{project}/builds",
    auth=May("build:*", "create"),
    response={201: Single[BuildUploadShape], 200: Single[BuildUploadShape]},
    openapi_extra=_FORM,
)
def upload(
    request: Request,
    project: str,
    file: File[UploadedFile | None] = None,
    hash: Form[str | None] = None,
    build_id: Form[UUID | None] = None,
) -> HttpResponse:
    """Keep a build whose archive, manifest and hash hold; nothing is deployed."""
    row = project_of(request.auth, project)
    if file is None and "file" in request.POST:
        raise Refused(400, "The field file holds text: send it as a file, with a file name.")
    build, arrival = uploads.receive(row, file, hash, build_id)
    response = single(upload_shape(build), 201 if arrival is Arrival.NEW else 200)
    if arrival is not Arrival.NEW:
        response["x-build-exists"] = "true" if arrival is Arrival.KNOWN else "false"
    return response


@router.get("/projects/{project}/builds/deployed", auth=_READ, response=Single[BuildShape])
def deployed(request: Request, project: str) -> HttpResponse:
    """Return the build that runs."""
    build = _of(request, project).filter(deployed=True, runtime_status="ready").first()
    if build is None:
        raise not_found("Deployed build")
    return single(build_shape(build))


@router.get("/projects/{project}/builds/live", auth=_READ, response=Single[BuildShape])
def live(request: Request, project: str) -> HttpResponse:
    """Return the build of a development server; this server has none."""
    build = _of(request, project).filter(build_type="live").first()
    if build is None:
        raise not_found("Live build")
    return single(build_shape(build))


@router.get("/projects/{project}/builds/{build_id}", auth=_READ, response=Single[BuildShape])
def show(request: Request, project: str, build_id: UUID) -> HttpResponse:
    """Return a build of the project."""
    return single(build_shape(_build(request, project, build_id)))


@router.get("/projects/{project}/builds/{build_id}/download", auth=_READ)
def download(request: Request, project: str, build_id: UUID) -> HttpResponseBase:
    """Return the archive as it was uploaded, or the range of it that is asked for."""
    build = _build(request, project, build_id)
    served = downloads.Served.at(storage.path_of(build.build_id), build.build_id.hex)
    return downloads.download(request, served, f"{build.build_id.hex}.hot.zip", "application/zip")


@router.post(
    "/projects/{project}/builds/{build_id}/deploy",
    auth=May("build:*", "execute"),
    response=Single[BuildShape],
)
def deploy(request: Request, project: str, build_id: UUID) -> HttpResponse:
    """Ask for this build to become the one that runs; the answer is pending, a worker decides."""
    build = _build(request, project, build_id)
    try:
        manifest = archive.read_manifest(storage.path_of(build.build_id))
    except FileNotFoundError:
        raise Refused(400, "The archive of this build is gone: upload it again.") from None
    except archive.BadArchive as error:
        raise Refused(400, str(error)) from None
    if not manifest.is_python:
        raise Refused(
            400,
            "This build is written in the Hot language. It is kept here, but to run it takes the "
            "Hot platform: upload it there.",
        )
    build.project.reactivate()
    engine.deploy(build)
    return single(build_shape(build))


def _of(request: Request, project: str) -> QuerySet[Build]:
    return Build.objects.filter(project=project_of(request.auth, project))


def _build(request: Request, project: str, build_id: UUID) -> Build:
    return the(_of(request, project).select_related("project"), build_id, "Build")
