"""Each of these leads on to the overview of an environment, or says why there is none."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from hotdash.guard.needs import needs, personal
from hotdash.guard.request import Request, SignedIn
from hotdash.guard.shell import Shell
from hotdash.kit.render import page


@personal
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """Lead to the person's first organization; say what to do where there is none."""
    organizations = Shell(request).organizations
    if not organizations:
        return page(request, "home/nowhere.html", {})
    return redirect("home:organization", organizations[0].slug)


@needs("runs.view")
def organization(request: Request) -> HttpResponse:
    """Lead to the organization's first environment; say so where there is none."""
    environments = request.scope.environments
    if not environments:
        return page(request, "home/empty.html", {})
    return redirect("overview:show", request.org.slug, environments[0].slug)
