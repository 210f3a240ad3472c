"""Contents on disk, by their hash: `<data>/contents/ab/<sha256>`, each with its row.

A content is written aside, hashed while it is written and made durable; only then does it get its
row and its place, both while that row is locked. Whoever removes a content holds the same lock.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkstemp

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hotdash.localapi import sharing
from hotdash.localapi.models import Content

_GRACE = timedelta(hours=1)  # between handing a content in and the row that refers to it
_DIRECTORIES = 256
_DIGITS = "0123456789abcdefg"  # the last one is behind all hashes


class Draft:
    """A content that is being written, in a file of its own."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self.path = path
        self.size = 0
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False)

    @property
    def sha256(self) -> str:
        """The name of what was written so far."""
        return self._sha256.hexdigest()

    @property
    def md5(self) -> str:
        """What the wire calls the etag of what was written so far."""
        return self._md5.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Append a chunk; raise OSError when the disk does not take it."""
        left = memoryview(chunk)
        while left:
            left = left[self._file.write(left) :]
        self._sha256.update(chunk)
        self._md5.update(chunk)
        self.size += len(chunk)

    def seal(self) -> None:
        """Make what was written durable; nothing is written after that."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def discard(self) -> None:
        """Take back what was written, unless it has found its place."""
        self._file.close()
        self.path.unlink(missing_ok=True)


@contextmanager
def draft() -> Iterator[Draft]:
    """Give a place to write a content into; what was not kept by the end is gone.

    Raises Apart where no other machine would see it.
    """
    sharing.require()
    descriptor, name = mkstemp(dir=_incoming(), prefix="content-")
    written = Draft(descriptor, Path(name))
    try:
        yield written
    finally:
        written.discard()


def keep(written: Draft) -> Content:
    """Return the row of a draft's content, inside the caller's transaction: the same bytes once.

    The rename stands inside the transaction because the row's lock is what keeps `collect` away.
    Seal a large draft before the transaction begins.
    """
    written.seal()
    content = Content(sha256=written.sha256, md5=written.md5, size=written.size)
    Content.objects.bulk_create(
        [content], update_conflicts=True, update_fields=["kept_at"], unique_fields=["sha256"]
    )
    place = path_of(content.sha256)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written.path.replace(place)
    make_durable(place.parent)
    return content


def spare(rows: QuerySet[Content]) -> None:
    """Let contents that lose a reference stay for the time of grace, inside a transaction.

    A row that somebody else has locked is being handed in or spared at this moment.
    """
    names = rows.select_for_update(skip_locked=True, of=("self",)).values_list("sha256", flat=True)
    Content.objects.filter(pk__in=list(names)).update(kept_at=timezone.now())


def path_of(sha256: str) -> Path:
    """Return where a content lies."""
    return _contents() / sha256[:2] / sha256


def collect(number: int | None = None) -> int:
    """Remove up to a thousand contents that nothing has needed for an hour; return how many.

    A number stands for a sixteenth of all contents: looking at all takes long where they are many.
    """
    before = timezone.now() - _GRACE
    rows = _unneeded(before)
    if number is not None:
        first = number % 16
        rows = rows.filter(sha256__gte=_DIGITS[first], sha256__lt=_DIGITS[first + 1])
    names = list(rows.values_list("sha256", flat=True)[:1_000])
    return sum(_is_collected(name, before) for name in names)


def sweep(number: int) -> None:
    """Remove from one of the 256 directories what a server left there that died before its row."""
    before = (timezone.now() - _GRACE).timestamp()
    directory = _contents() / f"{number % _DIRECTORIES:02x}"
    for path in directory.iterdir() if directory.is_dir() else ():
        if _is_older(path, before) and not Content.objects.filter(pk=path.name).exists():
            _remove_stray(path, before)


def make_durable(directory: Path) -> None:
    """Have the disk remember which files the directory holds."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unneeded(before: datetime) -> QuerySet[Content]:
    rows = Content.objects.filter(kept_at__lt=before)
    for relation in Content._meta.related_objects:  # noqa: SLF001  Django's documented name
        rows = rows.filter(**{f"{relation.name}__isnull": True})
    return rows


def _is_collected(name: str, before: datetime) -> bool:
    with transaction.atomic():
        # whoever refers to a content has handed it in first, which waits for this lock
        old = Content.objects.select_for_update().filter(pk=name, kept_at__lt=before)
        is_unneeded = bool(list(old)) and _unneeded(before).filter(pk=name).exists()
        if is_unneeded:
            Content.objects.filter(pk=name).delete()
            path_of(name).unlink(missing_ok=True)
    return is_unneeded


def _remove_stray(path: Path, before: float) -> None:
    with transaction.atomic():
        row, is_new = Content.objects.get_or_create(pk=path.name, defaults={"md5": "", "size": 0})
        if is_new:  # and so locked: whoever keeps this content now waits for us
            if _is_older(path, before):
                path.unlink(missing_ok=True)
            row.delete()


def _is_older(path: Path, before: float) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < before
    return False


def _contents() -> Path:
    return Path(settings.FILES_DIR) / "contents"


def _incoming() -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR)
