"""The files of a build as its template imports them, and the scratch directory of a run."""

import secrets
import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hotdash.localapi.archives import archive


def unpacked(build_id: UUID) -> Path:
    """Return the directory of a build's Python files, unpacking it once; raise BadArchive."""
    place = _builds() / str(build_id)
    if not place.exists():
        # aside and renamed: a worker that dies here leaves no half build that looks whole
        aside = _builds() / f".{build_id}.{secrets.token_hex(4)}"
        try:
            archive.unpack(_builds() / f"{build_id}.zip", aside)
            (aside / "src").mkdir(exist_ok=True)
            aside.rename(place)
        except OSError:
            if not place.exists():
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return place / "src"


class Scratch:
    """The directories that the runs of one worker may write to."""

    def __init__(self, worker_name: str) -> None:
        self._root = Path(settings.DATA_DIR) / "runs" / worker_name
        # what is there was left by a dead worker of this name: two never live at once
        shutil.rmtree(self._root, ignore_errors=True)
        self._root.mkdir(mode=0o700, parents=True)

    def of(self, build_id: UUID) -> Path:
        """Return where the runs of one build have their directories: its template's reach."""
        place = self._root / str(build_id)
        place.mkdir(mode=0o700, exist_ok=True)
        return place

    def make(self, build_id: UUID, name: str) -> Path:
        """Return a fresh directory for one execution."""
        place = self.of(build_id) / name
        place.mkdir(mode=0o700)
        return place

    def remove(self) -> None:
        """Delete all of them."""
        shutil.rmtree(self._root, ignore_errors=True)


def _builds() -> Path:
    return Path(settings.FILES_DIR) / "builds"
