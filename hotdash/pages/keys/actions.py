"""Storing and destroying one's own key; nobody does either for another."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from hotdash.credentials.keys import remove_key, store_key
from hotdash.credentials.trying import status_of, tried
from hotdash.guard.needs import action
from hotdash.guard.request import Request
from hotdash.kit.render import done
from hotdash.pages.keys.forms import OwnKey
from hotdash.pages.keys.views import key_form, storing


@action("keys.set")
@sensitive_variables("form")
def store(request: Request) -> HttpResponse:
    """Store the person's key once the environment's server accepted it."""
    environment = storing(request)
    form = OwnKey(request.POST)
    if not form.is_valid():
        return key_form(request, form, 422)
    key = form.cleaned_data["key"]
    if tried(form, partial(store_key, request.user, environment, key)) is None:
        return key_form(request, form, status_of(form))
    return done(request, f"Your key to {environment.name} is stored.", to=_back(request))


@action("keys.remove")
def remove(request: Request) -> HttpResponse:
    """Destroy the person's own key."""
    environment = storing(request)
    remove_key(request.user, environment)
    return done(
        request,
        f"Your key to {environment.name} is destroyed here. On the platform it lives on "
        "until it is taken back there.",
        to=_back(request),
    )


def _back(request: Request) -> str:
    return reverse("environments:show", args=request.slugs)
