"""Changing one's own password, which ends every other session."""

from typing import Any

from allauth.account.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hotdash.accounts.sessions import end_other_sessions
from hotdash.guard.needs import personal
from hotdash.guard.request import SignedIn
from hotdash.kit.formats import plural
from hotdash.kit.forms import Again
from hotdash.kit.render import done


class _Change(Again, PasswordChangeView):
    request: SignedIn
    template_name = "profile/password.html"

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away whoever never set a password: a link of the operator's sets the first."""
        if not self.request.user.has_usable_password():
            raise PermissionDenied("You have no password yet; the operator's link sets one.")
        response: HttpResponseBase = super().dispatch(*args, **kwargs)
        return response

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Set the password, keep this session and end all others."""
        # first: allauth gives this session another key, and the old one would count as an other
        count = end_other_sessions(self.request.user, but=self.request.session.session_key or "")
        super().form_valid(form)
        said = f"Your password is changed. {plural(count, 'other session')} ended."
        return done(self.request, said, to=reverse("profile:show"))

    def get_default_success_url(self) -> str:
        """Return where allauth would lead; `form_valid` goes there itself."""
        return reverse("profile:show")


change = personal(require_http_methods(["GET", "HEAD", "POST"])(_Change.as_view()))
