"""Nobody passes unknown: signing in comes first on every URL that is not declared public."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect


class SignInFirst(LoginRequiredMiddleware):
    """Django's own middleware, which also sends a part of a page to the whole sign-in page."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        """Redirect to sign-in and back; for htmx the browser goes, not the part."""
        if "HX-Request" not in request.headers:
            return super().handle_no_permission(request, view_func)
        page = request.headers.get("HX-Current-URL", "")
        query = urlencode({"next": page}) if page else ""
        signin = resolve_url(self.get_login_url(view_func))
        # no subclass of a redirect for Python, but one for the browser
        return HttpResponseClientRedirect(f"{signin}?{query}")  # type: ignore[return-value]
