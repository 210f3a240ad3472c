"""Permission maps, `{"type:path": [actions]}`: what is one, and what it grants (contract 2.2)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hotdash.localapi.errors import Refused

EVERYTHING = "*:*"
_CRUD = frozenset({"create", "read", "update", "delete"})
ACTIONS: Mapping[str, frozenset[str]] = {
    "mcp": frozenset({"execute"}),
    "webhook": frozenset({"execute"}),
    "stream": frozenset({"read"}),
    "run": frozenset({"read", "execute"}),  # execute is an extension: to cancel
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
OF_SERVICES = ("mcp", "webhook", "stream", "event", "run")  # all that a service key may hold
_ANY_ACTION = frozenset().union(*ACTIONS.values())
_TYPE = re.compile(r"[A-Za-z0-9-]+")
_MOST_RESOURCES = 1000

PermissionMap = dict[str, list[str]]


def checked(permissions: Mapping[str, Any]) -> PermissionMap:
    """Return a permission map as it is kept; raise 400 naming what is wrong with it."""
    if len(permissions) > _MOST_RESOURCES:
        raise Refused(400, f"Invalid permissions: more than {_MOST_RESOURCES:,} resources.")
    return {resource: _actions(resource, given) for resource, given in permissions.items()}


def grants(permissions: Any, resource: str, action: str) -> bool:
    """Return whether a permission map allows the action on the resource; no map allows nothing."""
    return any(
        _matches(pattern, resource) and (action in actions or "*" in actions)
        for pattern, actions in held(permissions)
    )


def grants_some(permissions: Any, kind: str, action: str) -> bool:
    """Return whether a permission map allows the action on at least one resource of the type."""
    return any(
        pattern.startswith((f"{kind}:", EVERYTHING)) and (action in actions or "*" in actions)
        for pattern, actions in held(permissions)
    )


def held(permissions: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield the resources and actions of a map; what is no map holds none."""
    if isinstance(permissions, dict):
        yield from permissions.items()


def first_beyond(wanted: PermissionMap, granted: Any) -> tuple[str, str] | None:
    """Return the first resource and action that the granted map does not allow; None if all are.

    `*` stands for every action of the type: whoever lacks one of them cannot give it away.
    """
    for resource, actions in wanted.items():
        for action in _expanded(resource, actions):
            if not grants(granted, resource, action):
                return resource, action
    return None


def kind_of(resource: str) -> str:
    """Return the type of a resource."""
    return resource.partition(":")[0]


def _expanded(resource: str, actions: list[str]) -> list[str]:
    if "*" in actions:
        return sorted(ACTIONS.get(kind_of(resource), _ANY_ACTION))
    return actions


def _actions(resource: str, given: Any) -> list[str]:
    kind, colon, path = resource.partition(":")
    if not colon or not path or (resource != EVERYTHING and not _TYPE.fullmatch(kind)):
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
    if pattern in (EVERYTHING, resource):
        return True
    return pattern.endswith("*") and resource.startswith(pattern[:-1])
