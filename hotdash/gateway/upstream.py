"""Which Hot API is spoken to, and as whom."""

from dataclasses import dataclass
from uuid import UUID

from hotdash.gateway.secret import Secret


@dataclass(frozen=True)
class Upstream:
    """One environment's Hot API; an empty `prefix` means that it is found out (contract 10.1)."""

    environment_id: str  # hotdash's own id
    origin: str  # scheme, host and port, without a slash at the end
    prefix: str = ""  # "", "/v1" or "/api/v1"
    upstream_env_id: UUID | None = None
    is_embedded: bool = False


@dataclass(frozen=True)
class Gateway:
    """One person's door to one environment: every call carries that person's own key."""

    upstream: Upstream
    key: Secret
    person_id: str
