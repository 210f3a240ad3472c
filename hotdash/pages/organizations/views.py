"""The form of a new organization."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hotdash.guard.needs import personal
from hotdash.guard.request import SignedIn
from hotdash.kit.render import page
from hotdash.pages.organizations.forms import NewOrganization


@personal
@require_safe
def new(request: SignedIn) -> HttpResponse:
    """Show the form of a new organization."""
    return form_page(request, NewOrganization(), 200)


def form_page(request: SignedIn, form: NewOrganization, status: int) -> HttpResponse:
    """Answer with the form of a new organization."""
    return page(request, "organizations/new.html", {"form": form}, status=status)
