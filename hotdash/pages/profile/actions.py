"""What a person changes about themselves."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from hotdash.accounts.models import Theme
from hotdash.accounts.sessions import end_other_sessions, end_session
from hotdash.guard.needs import personal
from hotdash.guard.request import SignedIn
from hotdash.kit.formats import plural
from hotdash.kit.render import back, done


@personal
@require_POST
def theme(request: SignedIn) -> HttpResponse:
    """Choose how pages look, and go back to the one that asked."""
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        raise BadRequest(f"A theme is one of {', '.join(Theme.values)}.")
    request.user.theme = chosen
    request.user.save(update_fields=["theme"])
    # the browser's own word: a filter chosen since the page was sent is in no field of its forms
    return back(request, request.headers.get("Referer"))


@personal
@require_POST
def end(request: SignedIn, session_id: int) -> HttpResponse:
    """Sign the person out of one other browser."""
    if not end_session(request.user, session_id, but=request.session.session_key or ""):
        raise Http404("You have no such session besides this one.")
    return done(request, "That session is ended.", to=reverse("profile:sessions"))


@personal
@require_POST
def end_others(request: SignedIn) -> HttpResponse:
    """Sign the person out everywhere but here."""
    count = end_other_sessions(request.user, but=request.session.session_key or "")
    said = f"{plural(count, 'other session')} ended."
    return done(request, said, to=reverse("profile:sessions"))
