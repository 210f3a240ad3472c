"""The sign-in pages: allauth's behaviour under templates of ours."""

from typing import Any

from allauth.account.views import LoginView, LogoutView, PasswordResetFromKeyView, SignupView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from hotdash.guard.needs import personal, public
from hotdash.kit.render import page


class _SignUp(SignupView):
    template_name = "signin/signup.html"

    def closed(self) -> HttpResponse:
        """Say who lets people in; 403, so that a probe is not told it succeeded."""
        return page(
            self.request, "signin/signup_closed.html", {"mode": settings.SIGNUP}, status=403
        )


class _SignOut(LogoutView):
    template_name = "signin/logout.html"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session, and have the browser forget the pages it kept."""
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


login = public(LoginView.as_view(template_name="signin/login.html"))
logout = personal(_SignOut.as_view(http_method_names=["get", "head", "post"]))
signup = public(_SignUp.as_view())
claim = public(
    sensitive_post_parameters()(
        PasswordResetFromKeyView.as_view(template_name="signin/claim.html", success_url="/")
    )
)


@public
@require_safe
def reset(request: HttpRequest) -> HttpResponse:
    """Say how a forgotten password is replaced: no mail is configured, so by the operator."""
    return page(request, "signin/reset.html", {})
