"""Secrets at rest: AES-256-GCM, a key per organization (contract 5.4, 5.12)."""

from functools import cache
from uuid import UUID

from django.conf import settings

from hotdash.host import environment
from hotdash.host.keyring import Ring, load_ring


def seal_value(
    org_id: UUID, environment_id: UUID, project_id: UUID | None, key: str, value: str
) -> bytes:
    """Return a context value sealed to exactly this place; nothing else of it is kept.

    Without a project it is the environment's own.
    """
    return _seal(org_id, (str(environment_id), str(project_id or ""), key), value)


def open_value(
    org_id: UUID, environment_id: UUID, project_id: UUID | None, key: str, sealed: bytes
) -> str:
    """Return what was sealed to this place; raise CannotOpen for another place or a lost key."""
    return _open(org_id, (str(environment_id), str(project_id or ""), key), sealed)


def seal_metadata(org_id: UUID, environment_id: UUID, credential_id: UUID, text: str) -> bytes:
    """Return the metadata of a session or service key, sealed to it."""
    return _seal(org_id, (str(environment_id), "metadata", str(credential_id)), text)


def open_metadata(org_id: UUID, environment_id: UUID, credential_id: UUID, sealed: bytes) -> str:
    """Return the metadata that was sealed to this credential; raise CannotOpen."""
    return _open(org_id, (str(environment_id), "metadata", str(credential_id)), sealed)


def seals_now(sealed: bytes) -> bool:
    """Return whether it was sealed with the key that seals now."""
    return _ring().seals_now(sealed)


def check_ring() -> None:
    """Load the ring, so that a start without one fails with words; raise MissingSetting."""
    _ring()


def _seal(org_id: UUID, bound_to: tuple[str, ...], text: str) -> bytes:
    return _ring().seal(text.encode(), bound_to, derive=_purpose(org_id))


def _open(org_id: UUID, bound_to: tuple[str, ...], sealed: bytes) -> str:
    return _ring().open(sealed, bound_to, derive=_purpose(org_id)).decode()


def _purpose(org_id: UUID) -> str:
    return f"hotdash context of {org_id}"


@cache
def _ring() -> Ring:
    is_local = not environment.text("HOTDASH_PUBLIC_URL")
    return load_ring("HOTDASH_API_KEYS", settings.DATA_DIR / "api-keys", may_generate=is_local)
