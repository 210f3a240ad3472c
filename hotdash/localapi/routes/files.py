"""Files: uploaded whole, listed, described, downloaded, deleted (contract 5.8)."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from hotdash.localapi import contents, downloads
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import Listing, Page, Single, empty, listing_of, single
from hotdash.localapi.errors import not_found
from hotdash.localapi.files import keeping, limits
from hotdash.localapi.files.bodies import received
from hotdash.localapi.files.media import sent_as
from hotdash.localapi.files.paths import normalised
from hotdash.localapi.schemas.files import FileShape, file_shape
from hotdash.localapi.scope import as_uuid, environment_of, files_of, the

router = Router(tags=["files"])
_READ = May("file:*", "read")


@router.get("/files", auth=_READ, response=Listing[FileShape])
def index(request: Request, page: Query[Page], prefix: str = "") -> HttpResponse:
    """List the environment's files whose path begins with the prefix, last changed first.

    A prefix that is a UUID also finds the files that the run of that id wrote.
    """
    rows = keeping.under(files_of(request.auth), prefix)
    run_id = as_uuid(prefix)
    if run_id is not None:
        by_run = Q(created_by_run_id=run_id) | Q(updated_by_run_id=run_id)
        rows = files_of(request.auth).filter(by_run | Q(pk__in=rows.values("pk")))
    return listing_of(rows.order_by("-updated_at", "-file_id"), page, file_shape)


@router.put("/files/upload/{path:path}", auth=May("file:*", "create"), response=Single[FileShape])
def upload(request: Request, path: str) -> HttpResponse:
    """Keep the body as a file, new or in the place of the one of that path."""
    target = keeping.Target(environment_of(request.auth).env_id, normalised(path))
    most = limits.most_bytes()
    with received(request, limits.too_large(most), most) as draft:
        return single(file_shape(keeping.put(target, draft)))


@router.get("/files/{file_id}", auth=_READ, response=Single[FileShape])
def show(request: Request, file_id: UUID) -> HttpResponse:
    """Return a file's facts."""
    return single(file_shape(the(files_of(request.auth), file_id, "File")))


@router.delete("/files/{file_id}", auth=May("file:*", "delete"), response={204: None})
def delete(request: Request, file_id: UUID) -> HttpResponse:
    """Delete a file; the next upload to its path makes another one."""
    if not keeping.remove(files_of(request.auth).filter(pk=file_id)):
        raise not_found("File")
    return empty()


@router.get("/files/{file_id}/download", auth=_READ)
def download(request: Request, file_id: UUID) -> HttpResponseBase:
    """Return a file's content, or the range of it that is asked for."""
    file = the(files_of(request.auth), file_id, "File")
    served = downloads.Served.at(contents.path_of(file.content_id), file.content_id)
    name = file.path.rpartition("/")[2]
    return downloads.download(request, served, name, sent_as(file.content_type))
