"""Files that are uploaded in parts (contract 5.8)."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hotdash.localapi.bodies import Digits
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import Single, empty, single
from hotdash.localapi.errors import Refused
from hotdash.localapi.files import keeping, multipart
from hotdash.localapi.files.bodies import announced, received
from hotdash.localapi.files.media import checked
from hotdash.localapi.files.paths import normalised
from hotdash.localapi.models import Upload
from hotdash.localapi.schemas.files import (
    FileShape,
    NewUpload,
    PartShape,
    UploadShape,
    file_shape,
    part_shape,
    upload_shape,
)
from hotdash.localapi.scope import environment_of, the, uploads_of

router = Router(tags=["files"])
_CREATE = May("file:*", "create")


@router.post("/files/uploads", auth=_CREATE, response={201: Single[UploadShape]})
def begin(request: Request, body: NewUpload) -> HttpResponse:
    """Begin an upload in parts; it waits for them for 24 hours."""
    if body.expected_size is not None and body.expected_size <= 0:
        raise Refused(400, "expected_size must be greater than 0.")
    target = keeping.Target(
        environment_of(request.auth).env_id,
        normalised(body.path),
        checked(body.content_type) if body.content_type else None,
    )
    return single(upload_shape(multipart.begin(target, body.expected_size)), 201)


# before the parts: complete is no number
@router.post("/files/uploads/{upload_id}/complete", auth=_CREATE, response=Single[FileShape])
def complete(request: Request, upload_id: UUID) -> HttpResponse:
    """Make the file of the parts that have arrived."""
    return single(file_shape(multipart.complete(_upload(request, upload_id))))


@router.put("/files/uploads/{upload_id}/{part_number}", auth=_CREATE, response=Single[PartShape])
def part(request: Request, upload_id: UUID, part_number: Annotated[int, Digits]) -> HttpResponse:
    """Keep the body as one part; sent again, it takes the place of the former one."""
    multipart.check_number(part_number)
    size = announced(request)
    if size is not None and size > multipart.MOST_PART_BYTES:
        raise multipart.too_large(multipart.MOST_PART_BYTES)
    upload = _upload(request, upload_id)
    most = multipart.check_part(upload, part_number, size)
    with received(request, multipart.too_large(most), most) as draft:
        multipart.check_part(upload, part_number, draft.size)
        return single(part_shape(multipart.receive(upload, part_number, draft)))


@router.delete("/files/uploads/{upload_id}", auth=_CREATE, response={204: None})
def abort(request: Request, upload_id: UUID) -> HttpResponse:
    """Give an upload up, with what has arrived of it."""
    multipart.abort(_upload(request, upload_id))
    return empty()


def _upload(request: Request, upload_id: UUID) -> Upload:
    return the(uploads_of(request.auth), upload_id, "Upload")
