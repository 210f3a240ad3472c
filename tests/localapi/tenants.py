"""Environments and their keys, made as hotdash makes them: through the operator key."""

import ssl
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx

# one for all: a client of its own reads the machine's certificate authorities, which takes 30 ms
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
EVERYTHING = {"*:*": ["*"]}


class Operator:
    """The holder of the operator key; closes every client that it handed out."""

    def __init__(self, origin: str, token: str) -> None:
        self.token = token
        self._origin = origin
        self._open = ExitStack()
        self.client = self.with_token(token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def with_token(self, token: str) -> httpx.Client:
        """Return a client that sends this token."""
        client = httpx.Client(
            base_url=self._origin,
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            verify=NO_TLS,
            timeout=60,
        )
        return self._open.enter_context(client)

    def tenant(self, org_id: UUID, name: str = "development") -> "Tenant":
        """Return an environment of that organization."""
        answer = self.client.post("/v1/envs", json={"org_id": str(org_id), "name": name})
        assert answer.status_code == 201, answer.text
        return Tenant(self, UUID(answer.json()["data"]["env_id"]), org_id)

    def key(self, env_id: UUID, permissions: dict[str, list[str]], name: str = "test") -> str:
        """Return the token of a fresh key."""
        body = {"env_id": str(env_id), "name": name, "permissions": permissions}
        answer = self.client.post("/v1/api-keys", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["data"]["token"])


@dataclass
class Tenant:
    """One environment, seen through its keys."""

    operator: Operator
    env_id: UUID
    org_id: UUID
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def may(self, permissions: dict[str, list[str]]) -> httpx.Client:
        """Return a client whose key holds exactly these permissions."""
        name = repr(sorted(permissions.items()))
        if name not in self._clients:
            token = self.operator.key(self.env_id, permissions, name)
            self._clients[name] = self.operator.with_token(token)
        return self._clients[name]

    @property
    def client(self) -> httpx.Client:
        """A client that may do everything in this environment."""
        return self.may(EVERYTHING)

    def project(self, name: str = "shop") -> dict[str, Any]:
        """Return a project, made where it is missing."""
        answer = self.client.post("/v1/projects", json={"name": name})
        assert answer.status_code == 201, answer.text
        return dict(answer.json()["data"])

    def publish(self, event_type: str = "order:placed", **more: Any) -> dict[str, Any]:
        """Return an event that was just published."""
        body = {"event_type": event_type, "event_data": {"id": 7}, **more}
        answer = self.client.post("/v1/events", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json()["data"])
