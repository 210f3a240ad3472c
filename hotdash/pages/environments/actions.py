"""Adding an environment, and taking one to another address."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from hotdash.credentials import connecting
from hotdash.credentials.connecting import KeysChanged, SameAddress
from hotdash.credentials.trying import status_of, tried
from hotdash.guard.confirming import confirmed
from hotdash.guard.needs import action
from hotdash.guard.request import Request
from hotdash.kit.formats import plural, visible
from hotdash.kit.render import done
from hotdash.pages.environments.forms import NewEnvironment, NewOrigin
from hotdash.pages.environments.server import server_in_words
from hotdash.pages.environments.views import creation_form, movable, origin_form, slugs_of


@action("environments.create")
@sensitive_variables("form")
def create(request: Request) -> HttpResponse:
    """Add an environment once its server accepted the person's own key."""
    form = NewEnvironment(request.POST, taken=slugs_of(request))
    if not form.is_valid():
        return creation_form(request, form, 422)
    request.tell(environment=form.plan.slug)
    key = form.cleaned_data["key"]
    made = tried(form, partial(connecting.connect, request.user, request.org, form.plan, key))
    if made is None:
        return creation_form(request, form, status_of(form))
    name = visible(made.upstream_name) or "nameless"
    return done(
        request,
        f"{made.environment.name} is connected. The server calls it {name}, "
        f"{server_in_words(made.offered)}.",
        to=reverse("environments:show", args=[request.org.slug, made.environment.slug]),
    )


@action("environments.move")
@confirmed
def move(request: Request) -> HttpResponse:
    """Take the environment to another address; every key to it is destroyed."""
    environment = movable(request)
    form = NewOrigin(request.POST)
    if not form.is_valid():
        return origin_form(request, form, 422)
    origin, prefix = form.cleaned_data["base_url"]
    # asked without a key: an address that does not answer shall not cost anybody theirs
    if tried(form, partial(connecting.look_at, request.user, origin, prefix)) is None:
        return origin_form(request, form, status_of(form))
    try:
        count = connecting.move(environment, origin, prefix, form.cleaned_data["keys"])
    except SameAddress as error:
        form.add_error("base_url", str(error))
        return origin_form(request, form, 422)
    except KeysChanged as error:
        form.add_error(None, f"Meanwhile there are {plural(error.count, 'key')}. Look again.")
        return origin_form(request, form, 422)
    request.tell(keys=count)
    return done(
        request,
        f"{environment.name} is now at {origin}. {plural(count, 'key')} destroyed: "
        "everyone stores a new one.",
        to=reverse("environments:show", args=request.slugs),
    )
