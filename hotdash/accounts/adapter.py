"""How allauth behaves here: who may sign up, where sign-in leads, and no words of its own."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse

from hotdash.accounts.claiming import forget_first_sign_in
from hotdash.accounts.models import folded
from hotdash.kit.links import local_path

_NOWHERE = "::"  # of a request that came over no network: a socket file, or a program's own
_TOO_SHORT = "X-Forwarded-For is shorter than HOTDASH_TRUSTED_PROXIES, or names no address."


class Adapter(DefaultAccountAdapter):
    """allauth with our decisions; every one is asked by password and social sign-up alike."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That e-mail and password do not belong together.",
        "too_many_login_attempts": (
            "Too many wrong passwords. This account is paused; try again in five minutes."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Return whether a stranger may make an account: only where HOTDASH_SIGNUP says open."""
        return bool(settings.SIGNUP == "open")

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether a `next` stays on this very host; allauth trusts its siblings too."""
        return bool(url) and local_path(context.request, url, otherwise="") == url

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that asks; a proxy that sends less than agreed is a bad request."""
        if "REMOTE_ADDR" not in request.META:
            return _NOWHERE
        if settings.TRUSTED_PROXIES and not request.headers.get("X-Forwarded-For"):
            raise BadRequest(_TOO_SHORT)  # allauth would take the proxy's address for the person's
        try:
            return super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            raise BadRequest(_TOO_SHORT) from None

    def _get_login_attempts_cache_key(
        self,
        request: HttpRequest,  # noqa: ARG002  allauth's signature
        **credentials: Any,
    ) -> str:
        # allauth counts for each Host as well, and whoever guesses chooses that: its port is free
        return folded(str(credentials.get("email", "")))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set the password; the announcement of the first link has then had its day."""
        super().set_password(user, password)
        forget_first_sign_in(user)

    def respond_user_inactive(
        self,
        request: HttpRequest,  # noqa: ARG002  allauth's signature
        user: AbstractBaseUser,  # noqa: ARG002  as above
    ) -> HttpResponse:
        """Refuse whoever has the right password to a closed account, in words."""
        raise PermissionDenied("This account is closed. The operator can open it again.")

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Answer with pages only: allauth's JSON would bypass our templates."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: allauth's messages come from templates that are not mounted."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: no mail is configured, and links are the operator's to print."""
