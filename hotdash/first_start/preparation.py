"""What the dashboard's database and static files need before a server starts."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import Storage
from django.core.management import call_command
from django.db import OperationalError

from hotdash.first_start import CannotStart

_STAMP = "sources.sha256"


def prepare() -> None:
    """Bring the tables up to date, and the static files if a source changed.

    Raises CannotStart where the database does not answer.
    """
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        raise CannotStart(f"The database in DATABASE_URL cannot be used: {error}") from None
    call_command("createcachetable", verbosity=0)
    collect()


def collect() -> None:
    """Bring the static files up to date; an image has done so, and can be read-only."""
    collect_if_stale(Path(settings.STATIC_ROOT))


def collect_if_stale(root: Path) -> bool:
    """Collect, join and compress the static files unless their sources are those of last time."""
    stamp = root / _STAMP
    digest = _digest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return False
    stamp.unlink(missing_ok=True)
    for name, _ in _sources():
        # collectstatic compares times by the second, and would keep an older copy. What is named
        # by its content stays: a page that is open somewhere still asks for it.
        (root / name).unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest, encoding="ascii")
    return True


def _digest() -> str:
    digest = hashlib.sha256()
    for name, storage in _sources():
        with storage.open(name) as file:
            content = file.read()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, Storage]]:
    for finder in get_finders():
        yield from finder.list([])
