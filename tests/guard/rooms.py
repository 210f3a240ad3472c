"""A room of the tests' own, with a page and actions that end in every way there is."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from hotdash import urls
from hotdash.gateway.errors import NoAnswer
from hotdash.guard.needs import action, needs
from hotdash.guard.request import Request
from hotdash.orgs import roles

# what only these views ask for; the test puts it into the table of roles while it runs
LIGHT = "lamps.light"
roles.PERMISSIONS[LIGHT] = frozenset({roles.Role.OWNER, roles.Role.ADMIN})


@needs(LIGHT)
def lamps(request: Request) -> HttpResponse:
    """Show the place that the guard found."""
    return HttpResponse(f"{request.org.slug}/{request.environment.slug} {request.user.email}")


@needs(LIGHT)
def settings(request: Request) -> HttpResponse:
    """Show the place above every environment."""
    return HttpResponse(f"{request.org.slug} {request.scope.environment}")


@action(LIGHT)
def light(request: Request, project: str) -> HttpResponse:
    """End as the form says."""
    how = request.POST.get("end", "")
    if how == "no answer":
        raise NoAnswer("timeout")
    if how == "fault":
        raise RuntimeError("hot_canary")
    if how == "invalid":
        return HttpResponse(status=422)
    return HttpResponse(f"{project} is lit", status=303, headers={"Location": "/"})


def forgotten(_request: HttpRequest) -> HttpResponse:
    """Stay closed: nothing was declared."""
    return HttpResponse("an open door")


del roles.PERMISSIONS[LIGHT]

urlpatterns = [
    path("forgotten/", forgotten),
    path("<slug:org>/settings/lamps/", settings),
    path("<slug:org>/<slug:env>/lamps/", lamps),
    path("<slug:org>/<slug:env>/lamps/<slug:project>/light/", light),
    path("", include(urls)),
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
