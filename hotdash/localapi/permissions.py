"""What a key may do, asked by the router before any route runs (contract 2.2)."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from hotdash.localapi.auth import authenticate
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import ApiKey

_EVERYTHING = "*:*"
_CRUD = frozenset({"create", "read", "update", "delete"})
ACTIONS: Mapping[str, frozenset[str]] = {
    "mcp": frozenset({"execute"}),
    "webhook": frozenset({"execute"}),
    "stream": frozenset({"read"}),
    "run": frozenset({"read"}),
    "env": frozenset({"read"}),
    "event": frozenset({"create", "read"}),
    "project": _CRUD,
    "context": _CRUD,
    "key": _CRUD,
    "build": frozenset({"create", "read", "execute"}),
    "session": frozenset({"create", "read", "delete"}),
    "file": _CRUD,  # extension
    "domain": _CRUD,  # extension
}
_ANY_ACTION = frozenset().union(*ACTIONS.values()) | {"*"}
_TYPE = re.compile(r"[A-Za-z0-9-]+")


def grants(permissions: Any, resource: str, action: str) -> bool:
    """Return whether a permission map allows the action on the resource; no map allows nothing."""
    if not isinstance(permissions, dict):
        return False
    return any(
        (action in actions or "*" in actions) and _matches(pattern, resource)
        for pattern, actions in permissions.items()
    )


def require(key: ApiKey, resource: str, action: str) -> None:
    """Raise 403 unless the key may do it."""
    if not grants(key.permissions, resource, action):
        raise Refused(403, f"This API key may not {action} {resource}.")


class May:
    """Lets a route run for keys of an environment that grant the action on the resource.

    `{name}` in the resource is the route's own path value; a UUID is written canonically.
    """

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __init__(self, resource: str, action: str) -> None:
        self.resource = resource
        self.action = action

    def __call__(self, request: HttpRequest) -> ApiKey:
        """Return the key; raise 401 or 403."""
        key = _key_of_an_environment(request)
        require(key, self.resource.format_map(_PathValues(request)), self.action)
        return key


class MaySome(May):
    """Lets a route run for keys that grant the action on some resource of the type.

    The route then requires the exact resource, which only the body names.
    """

    def __call__(self, request: HttpRequest) -> ApiKey:
        """Return the key; raise 401 or 403."""
        key = _key_of_an_environment(request)
        kinds = (f"{self.resource}:", _EVERYTHING)
        held = key.permissions if isinstance(key.permissions, dict) else {}
        if not any(
            pattern.startswith(kinds) and (self.action in actions or "*" in actions)
            for pattern, actions in held.items()
        ):
            raise Refused(403, f"This API key may not {self.action} {self.resource}:*.")
        return key


def operator(request: HttpRequest) -> ApiKey:
    """Let a route run for the operator key alone, whatever another key's map says."""
    key = authenticate(request)
    if key.environment_id is not None:
        raise Refused(403, "Only the operator key may do this.")
    return key


def checked(permissions: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return a permission map as it is kept; raise 400 naming what is wrong with it."""
    return {resource: _actions(resource, given) for resource, given in permissions.items()}


def _actions(resource: str, given: Any) -> list[str]:
    kind, colon, path = resource.partition(":")
    if not colon or not path or (resource != _EVERYTHING and not _TYPE.fullmatch(kind)):
        raise Refused(
            400,
            f"Invalid permissions: '{resource[:100]}' is no resource. Expected type:path, "
            "such as run:* or stream:my-id.",
        )
    if not isinstance(given, list) or not given:
        raise Refused(400, f"Invalid permissions: '{resource[:100]}' needs a list of actions.")
    valid = ACTIONS.get(kind, _ANY_ACTION) | {"*"}
    for action in given:
        if not isinstance(action, str) or action not in valid:
            raise Refused(400, f"Invalid permissions: '{str(action)[:40]}' is no action of {kind}.")
    return list(given)


def _matches(pattern: str, resource: str) -> bool:
    if pattern in (_EVERYTHING, resource):
        return True
    return pattern.endswith("*") and resource.startswith(pattern[:-1])


def _key_of_an_environment(request: HttpRequest) -> ApiKey:
    key = authenticate(request)
    if key.environment_id is None:
        raise Refused(403, "The operator key makes environments and keys, nothing else.")
    return key


class _PathValues(dict[str, str]):
    """The values of the route's path, by name."""

    def __init__(self, request: HttpRequest) -> None:
        match = request.resolver_match
        super().__init__(match.kwargs if match else {})

    def __getitem__(self, name: str) -> str:
        value = super().__getitem__(name)
        try:
            return str(UUID(value))
        except ValueError:
            return value
