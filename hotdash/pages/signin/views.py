"""The sign-in pages: allauth's behaviour under templates of ours."""

from typing import Any

from allauth.account.views import (
    LoginView,
    LogoutView,
    PasswordResetFromKeyView,
    ReauthenticateView,
    SignupView,
)
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from hotdash.accounts.forms import SignIn
from hotdash.guard.needs import personal, public
from hotdash.kit.error_pages import failure_page
from hotdash.kit.failures import Failure
from hotdash.kit.forms import Again
from hotdash.kit.render import page

_page_or_form = require_http_methods(["GET", "HEAD", "POST"])
_TOO_MANY = Failure(
    "Too many tries",
    "hotdash slows down whoever tries passwords, and cannot tell you from them.",
    "Wait a minute, then try again.",
    status=429,
    kind="here",
    retry_after=60,
)


class _SignIn(Again, LoginView):
    template_name = "signin/login.html"

    def form_invalid(self, form: SignIn) -> HttpResponse:  # type: ignore[override]  # its own form
        """Show the form again: 429 once this account is paused, else 422."""
        if form.non_field_errors():
            form.mark_refused()
        response = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = 429
        return response


class _SignUp(Again, SignupView):
    template_name = "signin/signup.html"

    def closed(self) -> HttpResponse:
        """Say who lets people in; 403, so that a probe is not told it succeeded."""
        return page(
            self.request, "signin/signup_closed.html", {"mode": settings.SIGNUP}, status=403
        )


class _Claim(Again, PasswordResetFromKeyView):
    template_name = "signin/claim.html"
    success_url = reverse_lazy("home:index")


class _Confirm(Again, ReauthenticateView):
    template_name = "signin/reauthenticate.html"


class _SignOut(LogoutView):
    template_name = "signin/logout.html"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session, and have the browser forget the pages it kept."""
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


login = public(_page_or_form(_SignIn.as_view()))
signup = public(_page_or_form(_SignUp.as_view()))
claim = public(_page_or_form(sensitive_post_parameters()(_Claim.as_view())))
confirm = personal(_page_or_form(sensitive_post_parameters()(_Confirm.as_view())))
logout = personal(_page_or_form(_SignOut.as_view()))


@public
@require_safe
def reset(request: HttpRequest) -> HttpResponse:
    """Say how a forgotten password is replaced: no mail is configured, so by the operator."""
    return page(request, "signin/reset.html", {})


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429 in words; no address leads here, allauth's limits do."""
    return failure_page(request, _TOO_MANY)
