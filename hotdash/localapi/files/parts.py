"""The parts of an upload on disk: `<data>/uploads/<upload id>/<number>.<token>`.

A part is durable before its row names it. Sent again, it is another file, and the row moves on:
whoever dies in between leaves a file that no row names, never a row without its file.
"""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hotdash.localapi.contents import Draft, make_durable
from hotdash.localapi.models import Part

_CHUNK = 1024 * 1024


class Replaced(Exception):
    """A part is not there any more: it was sent again, or the upload was aborted."""


def place(upload_id: UUID, number: int, draft: Draft) -> str:
    """Put a sealed draft beside the upload's other parts; return the name of its file."""
    directory = _directory(upload_id)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{number}.{secrets.token_hex(8)}"
    draft.path.replace(directory / name)
    make_durable(directory)
    make_durable(directory.parent)
    return name


def remove(upload_id: UUID, name: str) -> None:
    """Delete the file of one part."""
    (_directory(upload_id) / name).unlink(missing_ok=True)


def remove_all(upload_id: UUID) -> None:
    """Delete what is there of an upload."""
    shutil.rmtree(_directory(upload_id), ignore_errors=True)


def chunks(part: Part) -> Iterator[bytes]:
    """Give a part's bytes; raise Replaced where its file is gone."""
    try:
        with (_directory(part.upload_id) / part.name).open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except FileNotFoundError:
        raise Replaced from None


def on_disk() -> dict[UUID, Path]:
    """Return the uploads that have a directory."""
    root = _directory(UUID(int=0)).parent
    found = {}
    for path in root.iterdir() if root.is_dir() else ():
        try:
            found[UUID(path.name)] = path
        except ValueError:
            continue  # nothing that we put there
    return found


def _directory(upload_id: UUID) -> Path:
    return Path(settings.FILES_DIR) / "uploads" / str(upload_id)
