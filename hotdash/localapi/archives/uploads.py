"""What becomes of an uploaded build: kept, known already, or refused in words (contract 5.3)."""

from enum import Enum, auto
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError
from ninja import UploadedFile

from hotdash.localapi.archives import archive, storage
from hotdash.localapi.errors import Refused, not_found
from hotdash.localapi.models import Build, Project
from hotdash.localapi.models.ids import new_id

_MAX_BYTES = 100 * 1024 * 1024


class Arrival(Enum):
    """What an upload was to the server."""

    NEW = auto()
    KNOWN = auto()
    RESTORED = auto()  # known, but its archive was lost


def receive(
    project: Project, file: UploadedFile | None, claimed: str | None, build_id: UUID | None
) -> tuple[Build, Arrival]:
    """Return the build, and what its upload was; raise Refused.

    With an id that is known already, the bytes are only kept where they are missing.
    """
    upload = _complete(file)
    if claimed is None:
        raise Refused(400, "Missing required field: hash")
    known = Build.objects.filter(pk=build_id).first() if build_id else None
    if known is not None:
        _of_project(known, project)
    try:
        build, arrival = _kept(project, upload, claimed, build_id or new_id(), known)
    except archive.BadArchive as error:
        raise Refused(400, str(error)) from None
    project.reactivate()
    return build, arrival


def _kept(
    project: Project,
    upload: TemporaryUploadedFile,
    claimed: str,
    build_id: UUID,
    known: Build | None,
) -> tuple[Build, Arrival]:
    if known is None:
        try:
            return storage.keep(project, build_id, upload, claimed), Arrival.NEW
        except IntegrityError:
            known = _faster(build_id, project)
    if storage.path_of(build_id).exists():
        return known, Arrival.KNOWN
    storage.restore(known, upload)
    return known, Arrival.RESTORED


def _faster(build_id: UUID, project: Project) -> Build:
    """Return the build that another upload of this id has made; raise 404 for a lost project."""
    build = Build.objects.filter(pk=build_id).first()
    if build is None:  # the project was deleted while the build arrived
        raise not_found("Project")
    return _of_project(build, project)


def _of_project(build: Build, project: Project) -> Build:
    if build.project_id != project.project_id:
        raise Refused(409, "This build_id belongs to another project.", "bad_request")
    return build


def _complete(file: UploadedFile | None) -> TemporaryUploadedFile:
    if file is None:
        raise Refused(400, "Missing required field: file")
    if file.size is not None and file.size > _MAX_BYTES:
        # the code that the platform gives here
        raise Refused(413, "The build is larger than 100 MiB.", "bad_request")
    if not isinstance(file, TemporaryUploadedFile):
        raise TypeError("uploads are written to files, see FILE_UPLOAD_HANDLERS")
    return file
