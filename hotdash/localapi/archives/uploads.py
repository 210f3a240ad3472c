"""What becomes of an uploaded build: kept, known already, or refused in words (contract 5.3)."""

from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError
from ninja import UploadedFile

from hotdash.localapi.archives import archive, storage
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import Build, Project
from hotdash.localapi.models.ids import new_id

_MAX_BYTES = 100 * 1024 * 1024


def receive(
    project: Project, file: UploadedFile | None, claimed: str | None, build_id: UUID | None
) -> tuple[Build, bool | None]:
    """Return the build, and whether its archive was there: None for a new one; raise Refused.

    With an id that is known already, the bytes are only kept where they are missing.
    """
    upload = _complete(file)
    if claimed is None:
        raise Refused(400, "Missing required field: hash")
    known = Build.objects.filter(pk=build_id).first() if build_id else None
    if known is not None:
        _of_project(known, project)
    try:
        build, was_there = _kept(project, upload, claimed, build_id or new_id(), known)
    except archive.BadArchive as error:
        raise Refused(400, str(error)) from None
    storage.reactivate(project)
    return build, was_there


def _kept(
    project: Project,
    upload: TemporaryUploadedFile,
    claimed: str,
    build_id: UUID,
    known: Build | None,
) -> tuple[Build, bool | None]:
    if known is None:
        try:
            return storage.keep(project, build_id, upload, claimed), None
        except IntegrityError:  # another upload of this id was faster
            known = _of_project(Build.objects.get(pk=build_id), project)
    was_there = storage.path_of(build_id).exists()
    if not was_there:
        storage.restore(known, upload)
    return known, was_there


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
