"""Where the archives of builds lie: `<data>/builds/<build id>.zip`, each with its row."""

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction

from hotdash.localapi import sharing
from hotdash.localapi.archives import archive
from hotdash.localapi.archives.declarations import Manifest, read_declarations
from hotdash.localapi.contents import make_durable
from hotdash.localapi.models import Build, EventHandler, Project, Schedule

_ABANDONED_SECONDS = 3600


def prepare() -> None:
    """Make the directories, clear what is left behind in them, say where they are not shared."""
    sharing.announce()
    for path in (_builds(), incoming()):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear_abandoned()


def clear_abandoned() -> None:
    """Remove what an upload left behind whose server died."""
    abandoned = time.time() - _ABANDONED_SECONDS  # younger ones may be another process's
    for leftover in incoming().iterdir():
        with suppress(FileNotFoundError):
            if leftover.stat().st_mtime < abandoned:
                leftover.unlink()


def incoming() -> Path:
    """Return where bytes lie while they arrive."""
    return Path(settings.FILE_UPLOAD_TEMP_DIR)


def path_of(build_id: UUID) -> Path:
    """Return where a build's archive lies."""
    return _builds() / f"{build_id}.zip"


def keep(project: Project, build_id: UUID, file: TemporaryUploadedFile, claimed: str) -> Build:
    """Check an archive and keep it with its row, or neither; raise BadArchive or IntegrityError.

    The claimed hash is the SHA-256 of the file, or the bundle hash that its manifest names. The
    row comes first: it decides between two uploads of one id, and a crash before the file is in
    its place leaves what the next upload of that id puts right.
    """
    sharing.require()
    upload = Path(file.temporary_file_path())
    manifest = archive.check(upload)
    _check_hash(upload, manifest, claimed)
    build = record(project, build_id, upload.stat().st_size, claimed, manifest)
    try:
        _move(upload, path_of(build_id))
    except BaseException:
        build.delete()
        raise
    return build


def restore(build: Build, file: TemporaryUploadedFile) -> None:
    """Put back a lost archive; raise BadArchive if it is another one."""
    sharing.require()
    upload = Path(file.temporary_file_path())
    _check_hash(upload, archive.check(upload), build.hash)
    _move(upload, path_of(build.build_id))


def manifest_of(build: Build) -> Manifest:
    """Return the manifest that a build was uploaded with."""
    return read_declarations(json.loads(build.manifest))


def _check_hash(upload: Path, manifest: Manifest, claimed: str) -> None:
    with upload.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if claimed.lower() not in {sha256, manifest.bundle_hash.lower()}:
        raise archive.BadArchive(
            "The hash is neither the SHA-256 of the file nor the bundle_hash of its manifest."
        )


def _move(upload: Path, path: Path) -> None:
    with upload.open("rb") as written:
        os.fsync(written.fileno())
    upload.replace(path)
    make_durable(path.parent)


def record(project: Project, build_id: UUID, size: int, claimed: str, manifest: Manifest) -> Build:
    """Return the row of a build, made with what its manifest declares, in one transaction."""
    with transaction.atomic():
        build = Build.objects.create(
            build_id=build_id,
            project=project,
            hash=claimed,
            size=size,
            manifest=json.dumps({f"hot.bundle.{manifest.project}": manifest.facts}),
            storage_path=f"builds/{build_id}.zip",
        )
        EventHandler.objects.bulk_create(
            EventHandler(
                build=build,
                event_type=handler.event_type,
                ns=handler.function.ns,
                var=handler.function.var,
                retry_max=handler.retry_max,
                retry_delay_ms=handler.retry_delay_ms,
            )
            for handler in manifest.handlers
        )
        Schedule.objects.bulk_create(
            Schedule(build=build, cron=entry.cron, ns=entry.function.ns, var=entry.function.var)
            for entry in manifest.schedules
        )
    return build


def _builds() -> Path:
    return Path(settings.FILES_DIR) / "builds"
