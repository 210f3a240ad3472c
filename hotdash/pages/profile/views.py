"""What a person sees of themselves."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hotdash.accounts.sessions import list_sessions
from hotdash.guard.needs import personal
from hotdash.guard.request import SignedIn
from hotdash.guard.shell import Shell
from hotdash.kit.browsers import browser_of
from hotdash.kit.render import page


@personal
@require_safe
def show(request: SignedIn) -> HttpResponse:
    """Show who is signed in, where they belong, and how their password is changed."""
    return page(request, "profile/show.html", {"memberships": Shell(request).memberships})


@personal
@require_safe
def sessions(request: SignedIn) -> HttpResponse:
    """List the browsers in which the person is signed in."""
    rows = [(one, browser_of(one.user_agent)) for one in list_sessions(request, request.user)]
    return page(request, "profile/sessions.html", {"rows": rows})
