"""`files` of hotbuild: the environment's files as a handler sees them. No Django in it."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from hotdash.localapi.runtime.outlet import Outlet

OUTGOING = ".outgoing"  # in the run's scratch directory: the content that its worker is to keep
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class File:
    """What is known of a file without reading it."""

    path: str
    size: int
    content_type: str | None
    file_id: str
    updated_at: datetime


class Files:
    """Named contents that outlive the run, shared by all runs and clients of the environment.

    A path may not exist: FileNotFoundError. A path that is none: ValueError. No room: OSError.
    """

    def __init__(self) -> None:
        self._outlet: Outlet | None = None
        self._scratch = Path()
        self._handing_over = threading.Lock()

    def enter_run(self, outlet: "Outlet", scratch: Path) -> None:
        """Begin to work, inside the one run of this process; not for builds."""
        self._outlet, self._scratch = outlet, scratch

    def open(self, path: str) -> BinaryIO:
        """Return the content as a file that is open for reading; close it, or use `with`."""
        _, content = self._ask("files.open", path=path)
        if content is None:
            raise OSError(f"the content of {path} did not arrive")
        return content

    def read(self, path: str) -> bytes:
        """Return the content, all of it in memory."""
        with self.open(path) as content:
            return content.read()

    def write(
        self, path: str, content: bytes | str | BinaryIO, content_type: str | None = None
    ) -> File:
        """Keep bytes, text (as UTF-8) or what a binary file holds, in the place of what was there.

        The type is told by the path's extension unless one is given.
        """
        place = self._scratch / OUTGOING
        with self._handing_over:
            try:
                _lay_down(place, content)
                facts, _ = self._ask("files.write", path=path, type=content_type or "")
            finally:
                place.unlink(missing_ok=True)
        return _file(facts)

    def list(self, prefix: str = "") -> Iterator[File]:
        """Yield the files whose path begins with the prefix, in the order of their paths."""
        after = ""
        while True:
            page, _ = self._ask("files.list", prefix=prefix, after=after)
            for facts in page["files"]:
                yield _file(facts)
            if not page["has_more"]:
                return
            after = page["files"][-1]["path"]

    def delete(self, path: str, *, missing_ok: bool = False) -> None:
        """Delete a file; a missing one is an error unless `missing_ok`."""
        try:
            self._ask("files.delete", path=path)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def _ask(self, what: str, **given: str) -> tuple[dict[str, Any], BinaryIO | None]:
        if self._outlet is None:
            raise RuntimeError("files works inside a run, not while the build is imported")
        return self._outlet.ask(what, **{name: str(value) for name, value in given.items()})


def _lay_down(place: Path, content: bytes | str | BinaryIO) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(place, flags, 0o600), "wb") as file:
        if isinstance(content, str):
            file.write(content.encode())
        elif isinstance(content, bytes | bytearray | memoryview):
            file.write(content)
        elif not hasattr(content, "read"):
            kind = type(content).__name__
            raise TypeError(f"a file is written from bytes, text or a binary file, not {kind}")
        else:
            shutil.copyfileobj(content, file, _CHUNK)


def _file(facts: dict[str, Any]) -> File:
    return File(**facts | {"updated_at": datetime.fromisoformat(facts["updated_at"])})
