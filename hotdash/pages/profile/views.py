"""What a person sees of themselves."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hotdash.guard.needs import personal
from hotdash.guard.shell import Shell
from hotdash.kit.render import page


@personal
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show who is signed in, where they belong, and how their password is changed."""
    return page(request, "account/show.html", {"memberships": Shell(request).memberships})
