"""Nobody passes unknown: signing in comes first on every URL that is not declared public."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from hotdash.guard.queries import LONGEST


class SignInFirst(LoginRequiredMiddleware):
    """Django's own middleware, which also sends a part of a page to the whole sign-in page."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        """Redirect to sign-in and back; for htmx the browser goes, not the part."""
        if "HX-Request" not in request.headers:
            answer = super().handle_no_permission(request, view_func)
            # quoted, an address grows: one that would be refused there is not come back to
            is_short = len(urlsplit(answer.url).query) <= LONGEST
            return answer if is_short else redirect("account_login")
        page = request.headers.get("HX-Current-URL", "")
        query = urlencode({"next": page}) if page else ""
        query = query if len(query) <= LONGEST else ""
        signin = resolve_url(self.get_login_url(view_func))
        # no subclass of a redirect for Python, but one for the browser
        return HttpResponseClientRedirect(f"{signin}?{query}")  # type: ignore[return-value]
