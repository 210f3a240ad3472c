"""The environments of an organization, one of them, and the forms that make and move one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from hotdash.credentials.keys import count_keys, credential_of, credentials_in
from hotdash.guard.confirming import confirmed
from hotdash.guard.needs import needs
from hotdash.guard.request import Request
from hotdash.kit.render import page
from hotdash.orgs.models import Environment
from hotdash.pages.environments.forms import NewEnvironment, NewOrigin
from hotdash.pages.environments.server import ask_server

PARTS = frozenset({"server"})
_BEARER = "Authorization: Bearer $HOT_API_KEY"


@needs("environments.view")
def index(request: Request) -> HttpResponse:
    """List the organization's environments, and to which the person has a key."""
    held = credentials_in(request.user, request.org)
    rows = [(environment, held.get(environment.pk)) for environment in request.scope.environments]
    return page(request, "environments/index.html", {"rows": rows})


@needs("environments.view")
def show(request: Request) -> HttpResponse:
    """Show where an environment is, what its server offers, and the person's own key."""
    environment = request.environment
    mine = credential_of(request.user, environment)
    everyones = count_keys(environment)
    server = ask_server(request)
    prefix = server.prefix or environment.prefix or "/v1"
    context = {
        "environment": environment,
        "mine": mine,
        "others": everyones - (mine is not None),
        "server": server,
        "line": f'curl -sS -H "{_BEARER}" {environment.origin}{prefix}/env',
    }
    return page(request, "environments/show.html", context, parts=PARTS)


@needs("environments.create")
def new(request: Request) -> HttpResponse:
    """Show the form of a new environment."""
    return creation_form(request, NewEnvironment(), 200)


@needs("environments.move")
@confirmed
def origin(request: Request) -> HttpResponse:
    """Show the form of a new address, and how many keys it costs."""
    movable(request)
    return origin_form(request, NewOrigin(), 200)


def creation_form(request: Request, form: NewEnvironment, status: int) -> HttpResponse:
    """Answer with the form of a new environment."""
    return page(request, "environments/new.html", {"form": form}, status=status)


def origin_form(request: Request, form: NewOrigin, status: int) -> HttpResponse:
    """Answer with the form of a new address, the number of keys counted now."""
    context = {
        "form": form,
        "environment": request.environment,
        "count": count_keys(request.environment),
    }
    return page(request, "environments/origin.html", context, status=status)


def movable(request: Request) -> Environment:
    """Return the environment of the URL; raise PermissionDenied for an embedded one."""
    if request.environment.is_embedded:
        raise PermissionDenied("The address of the embedded API is the operator's to set.")
    return request.environment


def slugs_of(request: Request) -> frozenset[str]:
    """Return the slugs that the organization's environments have taken."""
    return frozenset(environment.slug for environment in request.scope.environments)
