"""Time-ordered ids, as the Hot API gives them (contract 1.5)."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """Return a fresh UUIDv7 as a plain UUID."""
    return UUID(int=uuid7().int)
