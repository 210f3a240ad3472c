"""Files and uploads on the wire (contract 5.8)."""

from datetime import datetime
from typing import NotRequired
from uuid import UUID

from ninja import Schema
from typing_extensions import TypedDict

from hotdash.localapi.bodies import Text, Whole64
from hotdash.localapi.envelopes import OMIT, sent
from hotdash.localapi.files.multipart import parts_expected
from hotdash.localapi.models import File, Part, Upload

_BACKEND = "local"


class FileShape(TypedDict):
    """A file; `etag` is the MD5 of its content."""

    file_id: UUID
    path: str
    size: int
    etag: str | None
    content_type: str | None
    storage_backend: str
    created_by_run_id: UUID | None
    updated_by_run_id: UUID | None
    created_at: datetime
    updated_at: datetime


class UploadShape(TypedDict):
    """An upload that was begun; `parts_expected` only where its size was announced."""

    upload_id: UUID
    path: str
    part_size: int
    parts_expected: NotRequired[int]
    expires_at: datetime


class PartShape(TypedDict):
    """A part that was received; `etag` is the MD5 of its bytes."""

    part_number: int
    size: int
    etag: str


class NewUpload(Schema):
    """What is to be uploaded in parts."""

    path: Text
    expected_size: Whole64 | None = None
    content_type: Text | None = None


def file_shape(file: File) -> FileShape:
    """Return a file as it is sent; its content must be loaded with it."""
    return {
        "file_id": file.file_id,
        "path": file.path,
        "size": file.content.size,
        "etag": file.content.md5,
        "content_type": file.content_type,
        "storage_backend": _BACKEND,
        "created_by_run_id": file.created_by_run_id,
        "updated_by_run_id": file.updated_by_run_id,
        "created_at": file.created_at,
        "updated_at": file.updated_at,
    }


def upload_shape(upload: Upload) -> UploadShape:
    """Return an upload's answer."""
    expected = parts_expected(upload)
    shape: UploadShape = {
        "upload_id": upload.upload_id,
        "path": upload.path,
        "part_size": upload.part_size,
        "parts_expected": OMIT if expected is None else expected,
        "expires_at": upload.expires_at,
    }
    return sent(shape)


def part_shape(part: Part) -> PartShape:
    """Return a part's answer."""
    return {"part_number": part.number, "size": part.size, "etag": part.md5}
