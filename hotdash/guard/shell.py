"""What the frame around every page knows: who, where, and what else there is."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property

from hotdash import __version__
from hotdash.accounts.models import Theme, User
from hotdash.guard.scope import Scope, memberships_of
from hotdash.orgs import roles
from hotdash.orgs.models import Environment, Membership, Organization


class Rights:
    """`shell.may.<noun>.<verb>` in a template; what is not in the table is not allowed."""

    def __init__(self, role: str) -> None:
        self._role = role

    def __getitem__(self, noun: str) -> Mapping[str, bool]:
        names = (name.split(".") for name in roles.PERMISSIONS)
        return {
            verb: roles.may(self._role, f"{owner}.{verb}") for owner, verb in names if owner == noun
        }


class Holders:
    """`shell.takes.<noun>.<verb>` in a template: who may, in words, where a control is off."""

    def __getitem__(self, noun: str) -> Mapping[str, str]:
        names = (name.split(".") for name in roles.PERMISSIONS)
        return {verb: roles.holders(f"{owner}.{verb}") for owner, verb in names if owner == noun}


class Shell:
    """Read by layouts; asks the database only for what a template really shows."""

    version = __version__
    takes = Holders()
    themes = (  # each with its icon
        (Theme.SYSTEM.value, "Same as system", "auto"),
        (Theme.LIGHT.value, "Light", "sun"),
        (Theme.DARK.value, "Dark", "moon"),
    )

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        scope = getattr(request, "scope", None)
        # a request that came by ASGI has a scope of the server's before anybody places it
        self._scope = scope if isinstance(scope, Scope) else None

    @cached_property
    def person(self) -> User | None:
        """Who is signed in; nobody where the request was refused before that was known."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def membership(self) -> Membership | None:
        """Return the person's place in the organization of the URL."""
        return self._scope.membership if self._scope else None

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """Every membership of the person."""
        if self._scope:
            return self._scope.memberships
        return memberships_of(self.person) if self.person else ()

    @cached_property
    def organizations(self) -> tuple[Organization, ...]:
        """Every organization of the person."""
        return tuple(membership.organization for membership in self.memberships)

    @property
    def org(self) -> Organization | None:
        """The organization of the URL."""
        return self.membership.organization if self.membership else None

    @property
    def environment(self) -> Environment | None:
        """The environment of the URL."""
        return self._scope.environment if self._scope else None

    @property
    def environments(self) -> tuple[Environment, ...]:
        """Every environment of the organization of the URL, as they were made."""
        return self._scope.environments if self._scope else ()

    @property
    def role(self) -> str:
        """What the person is here."""
        return roles.Role(self.membership.role).label if self.membership else ""

    @property
    def role_words(self) -> str:
        """The role in a sentence: `an owner`."""
        return roles.in_words(self.membership.role) if self.membership else ""

    @property
    def may(self) -> Rights:
        """What the person may do here."""
        return Rights(self.membership.role if self.membership else "")

    @cached_property
    def initials(self) -> str:
        """Two letters for the avatar."""
        if not self.person:
            return ""
        words = (self.person.name or self.person.email.partition("@")[0]).split()
        letters = [word[0] for word in (words[:1] + words[1:][-1:])]
        return "".join(letters).upper()

    @property
    def theme(self) -> str:
        """`light`, `dark` or `system`: the person's choice, in every browser."""
        return self.person.theme if self.person else Theme.SYSTEM

    @property
    def page(self) -> str:
        """The room that is shown, as the navigation names it."""
        match = self._request.resolver_match
        return match.app_name if match else ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template `shell`."""
    return {"shell": Shell(request)}
