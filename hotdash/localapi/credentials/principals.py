"""Who asks: an API key, or a session or service key that one was given by an API key."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from hotdash.localapi.models import Environment


class Kind(Enum):
    """The three kinds of credentials (contract 2.1), as they stand in a sentence."""

    API_KEY = "API key"
    SESSION = "session"
    SERVICE_KEY = "service key"


@dataclass(frozen=True, eq=False)  # permissions are a dict, which cannot be hashed
class Principal:
    """A credential that was accepted, with what it may do and where; of the operator, nowhere."""

    kind: Kind
    credential_id: UUID
    key_id: UUID  # the API key that it is, or whose child it is
    environment: Environment | None
    permissions: Any = field(repr=False)

    @property
    def environment_id(self) -> UUID | None:
        """The id of its environment."""
        return self.environment.env_id if self.environment else None
