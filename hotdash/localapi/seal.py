"""Context values at rest: AES-256-GCM, a key per organization (contract 5.4; house section 7)."""

from functools import cache
from uuid import UUID

from django.conf import settings

from hotdash.host import environment
from hotdash.host.keyring import Ring, load_ring


def seal_value(org_id: UUID, environment_id: UUID, project_id: UUID, key: str, value: str) -> bytes:
    """Return the value sealed to exactly this place; nothing else of it is kept."""
    bound_to = (str(environment_id), str(project_id), key)
    return _ring().seal(value.encode(), bound_to, derive=_purpose(org_id))


def open_value(
    org_id: UUID, environment_id: UUID, project_id: UUID, key: str, sealed: bytes
) -> str:
    """Return what was sealed to this place; raise CannotOpen for another place or a lost key."""
    bound_to = (str(environment_id), str(project_id), key)
    return _ring().open(sealed, bound_to, derive=_purpose(org_id)).decode()


def check_ring() -> None:
    """Load the ring, so that a start without one fails with words; raise MissingSetting."""
    _ring()


def _purpose(org_id: UUID) -> str:
    return f"hotdash context of {org_id}"


@cache
def _ring() -> Ring:
    is_local = not environment.text("HOTDASH_PUBLIC_URL")
    return load_ring("HOTDASH_API_KEYS", settings.DATA_DIR / "api-keys", may_generate=is_local)
