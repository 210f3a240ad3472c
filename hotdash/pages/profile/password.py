"""Changing one's own password, which ends every other session."""

from typing import Any

from allauth.account.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hotdash.accounts.models import User
from hotdash.accounts.sessions import end_other_sessions
from hotdash.guard.needs import personal
from hotdash.kit.formats import plural
from hotdash.kit.render import done


class _Change(PasswordChangeView):
    template_name = "account/password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away whoever never set a password: a link of the operator's sets the first."""
        assert isinstance(request.user, User)  # noqa: S101  `personal` let nobody else pass
        if not request.user.has_usable_password():
            raise PermissionDenied("You have no password yet; the operator's link sets one.")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Set the password, keep this session and end all others."""
        person = self.request.user
        assert isinstance(person, User)  # noqa: S101  `personal` let nobody else pass
        # first: allauth gives this session another key, and the old one would count as an other
        count = end_other_sessions(person, but=self.request.session.session_key or "")
        super().form_valid(form)
        said = f"Your password is changed. {plural(count, 'other session')} ended."
        return done(self.request, said, to=reverse("profile:show"))

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the form again, with what is wrong."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_default_success_url(self) -> str:
        """Return where allauth would lead; `form_valid` goes there itself."""
        return reverse("profile:show")


change = personal(require_http_methods(["GET", "HEAD", "POST"])(_Change.as_view()))
