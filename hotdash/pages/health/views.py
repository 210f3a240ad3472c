"""What machines ask of the dashboard: whether it is alive, and whether it can do its work."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hotdash.guard.needs import public
from hotdash.guard.readiness import what_is_missing


@public
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Say ok, and nothing else: no version, no state of what it uses."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say ready, or with status 503 what is missing."""
    missing = what_is_missing()
    return HttpResponse(
        f"{missing or 'ready'}\n", status=503 if missing else 200, content_type="text/plain"
    )
