"""A request whose person, place and rights are known."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django_htmx.middleware import HtmxDetails

from hotdash.accounts.models import User
from hotdash.gateway.upstream import Gateway
from hotdash.guard.door import open_gateway
from hotdash.guard.recording import Recording
from hotdash.guard.scope import Scope
from hotdash.orgs import roles
from hotdash.orgs.models import Environment, Membership, Organization


class SignedIn(HttpRequest):
    """What a view takes that is `personal`: somebody asks, and it is known who."""

    user: User
    htmx: HtmxDetails


class Request(SignedIn):
    """What a view takes that has its place; only `needs` and `action` make one."""

    scope: Scope
    recording: Recording  # of an action only

    @property
    def membership(self) -> Membership:
        """The person's place in this organization."""
        return self.scope.membership

    @property
    def org(self) -> Organization:
        """The organization of the URL, of which the person is a member."""
        return self.scope.membership.organization

    @property
    def environment(self) -> Environment:
        """The environment of the URL; None on the pages of an organization, which do not ask."""
        return self.scope.environment  # type: ignore[return-value]  # see above

    @property
    def slugs(self) -> tuple[str, str]:
        """Organization and environment as the addresses below them take them."""
        return self.org.slug, self.environment.slug

    @cached_property
    def gateway(self) -> Gateway:
        """Open the person's own door to this environment's Hot API; raise NoKey without one."""
        return open_gateway(self.membership, self.environment)

    def tell(self, **facts: Any) -> None:
        """Add facts to what the audit record says of this action, from its list of fields."""
        self.recording.tell(facts)

    def may(self, permission: str) -> bool:
        """Return whether the person's role here has the permission."""
        return roles.may(self.membership.role, permission)


def placed(request: HttpRequest, scope: Scope) -> Request:
    """Return the same request, now with its scope."""
    # Django makes the object, differently under each server and in tests: a copy would miss what
    # middleware writes to the original later, so the class is laid over it
    request.__class__ = _laid_over(type(request))  # type: ignore[arg-type]  # classes are hashable
    assert isinstance(request, Request)  # noqa: S101  for the reader and mypy
    request.scope = scope
    return request


@cache
def _laid_over(made_by_server: type[HttpRequest]) -> type[HttpRequest]:
    return type("Request", (Request, made_by_server), {})
