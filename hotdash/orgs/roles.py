"""The one table of roles: what each may do here, and what its minted key may do upstream."""

from collections.abc import Mapping

from django.db import models


class Role(models.TextChoices):
    """What a member is to an organization, from most to least."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MEMBER = "member", "Member"
    VIEWER = "viewer", "Viewer"


EVERYONE = frozenset(Role)
_ADMINS = frozenset({Role.OWNER, Role.ADMIN})
_RANKS: Mapping[str, int] = {role: rank for rank, role in enumerate(Role)}

# A permission stands here once a page or an action asks for it, never before.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "runs.view": EVERYONE,
    "events.view": EVERYONE,
    "events.publish": frozenset({Role.OWNER, Role.ADMIN, Role.MEMBER}),
    "environments.view": EVERYONE,
    "environments.create": _ADMINS,
    "environments.move": _ADMINS,
    "keys.set": EVERYONE,
    "keys.remove": EVERYONE,
    "audit.view": _ADMINS,
}

# Raised whenever the table below changes: every minted key is then minted anew.
UPSTREAM_VERSION = 1
_READ = ("project", "build", "context", "event", "run", "stream", "env", "file", "domain")
_MAINTAINED = ("project", "context", "file", "domain")

PermissionMap = dict[str, list[str]]


def may(role: str, permission: str) -> bool:
    """Return whether the role has the permission; raise KeyError for one that does not exist."""
    return role in PERMISSIONS[permission]


def holders(permission: str) -> str:
    """Return who has the permission, in words: `an owner, an admin or a member`."""
    *others, last = (in_words(role) for role in Role if role in PERMISSIONS[permission])
    return f"{', '.join(others)} or {last}" if others else last


def can_grant(mine: str, theirs: str) -> bool:
    """Return whether a role may give and take another: owners and admins, none above their own."""
    return mine in _ADMINS and _RANKS[theirs] >= _RANKS[mine]


def in_words(role: str) -> str:
    """Return a role as it stands in a sentence: `an owner`, `a viewer`."""
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"


def upstream_permissions(role: Role) -> PermissionMap:
    """Return the permission map of a key for this role (contract 2.2)."""
    return {resource: list(actions) for resource, actions in _UPSTREAM[role].items()}


def _upstream() -> Mapping[Role, PermissionMap]:
    viewer = {f"{kind}:*": ["read"] for kind in _READ}
    member = viewer | {"event:*": ["read", "create"]}
    admin = member | {f"{kind}:*": ["read", "create", "update", "delete"] for kind in _MAINTAINED}
    admin |= {"build:*": ["read", "create", "execute"], "session:*": ["*"]}
    return {
        Role.VIEWER: viewer,
        Role.MEMBER: member,
        Role.ADMIN: admin,
        Role.OWNER: {"*:*": ["*"]},
    }


_UPSTREAM = _upstream()
