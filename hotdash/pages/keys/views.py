"""The forms of a person's own key."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from hotdash.credentials.keys import credential_of
from hotdash.guard.needs import needs
from hotdash.guard.request import Request
from hotdash.kit.render import page
from hotdash.orgs.models import Environment
from hotdash.pages.keys.forms import OwnKey


@needs("keys.set")
def new(request: Request) -> HttpResponse:
    """Show the field for a key."""
    storing(request)
    return key_form(request, OwnKey(), 200)


@needs("keys.remove")
def removal(request: Request) -> HttpResponse:
    """Ask whether the key is to be destroyed."""
    environment = storing(request)
    mine = credential_of(request.user, environment)
    if mine is None:
        raise Http404("You have no key to this environment.")
    return page(request, "keys/removal.html", {"environment": environment, "mine": mine})


def key_form(request: Request, form: OwnKey, status: int) -> HttpResponse:
    """Answer with the field for a key."""
    environment = request.environment
    mine = credential_of(request.user, environment)
    context = {"form": form, "environment": environment, "mine": mine}
    return page(request, "keys/new.html", context, status=status)


def storing(request: Request) -> Environment:
    """Return the environment of the URL; raise PermissionDenied where hotdash makes the keys."""
    if request.environment.is_embedded:
        raise PermissionDenied("hotdash makes and keeps the keys to an embedded environment.")
    return request.environment
