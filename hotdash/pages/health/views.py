"""Whether the dashboard answers, and nothing else: no version, no state of what it uses."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hotdash.guard.needs import public


@public
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Say ok."""
    return HttpResponse("ok", content_type="text/plain")
