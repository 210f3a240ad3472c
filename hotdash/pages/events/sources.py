"""Who published an event, where the server says so (an extension)."""

from collections.abc import Mapping

SOURCES: Mapping[str, str] = {
    "api": "the API",
    "schedule": "a schedule",
    "run": "a run",
    "retry": "a retry",
}
RESERVED = "hot:"
CALL = "hot:call"


def is_reserved(event_type: str) -> bool:
    """Whether only the platform itself publishes events of this type (contract 5.5)."""
    return event_type.startswith(RESERVED) and event_type != CALL
