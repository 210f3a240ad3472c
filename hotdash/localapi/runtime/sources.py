"""The files of a build as its template imports them."""

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


def _builds() -> Path:
    return Path(settings.FILES_DIR) / "builds"
