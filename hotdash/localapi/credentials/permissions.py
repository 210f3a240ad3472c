"""What a credential may do, asked by the router before any route runs (contract 2.2, 2.3)."""

from uuid import UUID

from django.http import HttpRequest

from hotdash.localapi.credentials.auth import authenticate
from hotdash.localapi.credentials.permission_maps import grants, grants_some
from hotdash.localapi.credentials.principals import Kind, Principal
from hotdash.localapi.errors import Refused


def require(principal: Principal, resource: str, action: str) -> None:
    """Raise 403 unless the credential may do it."""
    if not grants(principal.permissions, resource, action):
        raise _may_not(principal, resource, action)


class May:
    """Lets a route run for API keys of an environment that grant the action on the resource.

    `{name}` in the resource is the route's own path value; a UUID is written canonically. With
    `for_any`, sessions and service keys that grant it are let in too.
    """

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __init__(self, resource: str, action: str, *, for_any: bool = False) -> None:
        self.resource = resource
        self.action = action
        self.for_any = for_any

    def __call__(self, request: HttpRequest) -> Principal:
        """Return who asks; raise 401 or 403."""
        principal = self._of_an_environment(request)
        require(principal, self.resource.format_map(_PathValues(request)), self.action)
        return principal

    def _of_an_environment(self, request: HttpRequest) -> Principal:
        principal = authenticate(request)
        if principal.environment_id is None:
            raise Refused(403, "The operator key makes environments and keys, nothing else.")
        if not self.for_any and principal.kind is not Kind.API_KEY:
            raise Refused(403, f"Only API keys may use this route, a {principal.kind.value} not.")
        return principal


class MaySome(May):
    """Lets a route run for credentials that grant the action on some resource of the type.

    The route then requires the exact resource, which only the body names.
    """

    def __call__(self, request: HttpRequest) -> Principal:
        """Return who asks; raise 401 or 403."""
        principal = self._of_an_environment(request)
        if not grants_some(principal.permissions, self.resource, self.action):
            raise _may_not(principal, f"{self.resource}:*", self.action)
        return principal


def operator(request: HttpRequest) -> Principal:
    """Let a route run for the operator key alone, whatever another key's map says."""
    principal = authenticate(request)
    if principal.environment_id is not None:
        raise Refused(403, "Only the operator key may do this.")
    return principal


def _may_not(principal: Principal, resource: str, action: str) -> Refused:
    return Refused(403, f"This {principal.kind.value} may not {action} {resource}.")


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
