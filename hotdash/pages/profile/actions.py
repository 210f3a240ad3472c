"""What a person changes about themselves."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from hotdash.accounts.models import Theme, User
from hotdash.guard.needs import personal
from hotdash.kit.render import back


@personal
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose how pages look, and go back to the one that asked."""
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        raise BadRequest(f"A theme is one of {', '.join(Theme.values)}.")
    assert isinstance(request.user, User)  # noqa: S101  `personal` let nobody else pass
    request.user.theme = chosen
    request.user.save(update_fields=["theme"])
    # the browser's own word: a filter chosen since the page was sent is in no field of its forms
    return back(request, request.headers.get("Referer"))
