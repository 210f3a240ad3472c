"""Time-ordered ids for every table."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """Return a fresh UUIDv7 as a plain UUID."""
    return UUID(int=uuid7().int)
