"""The ways in which a view is opened; one that took none of them stays closed."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hotdash.accounts.models import User
from hotdash.audit.record import Deed
from hotdash.guard.recording import recorded
from hotdash.guard.request import Request, placed
from hotdash.guard.scope import find_scope
from hotdash.orgs import roles

View = Callable[..., HttpResponseBase]

PERSONAL = "personal"
PUBLIC = "public"


def needs(permission: str) -> Callable[[View], View]:
    """Open a page to members of the URL's organization whose role has the permission.

    The view takes the placed Request and what else the URL names; `org` and `env` stay here.
    """
    _require_known(permission)

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def guarded(
            request: HttpRequest, *, org: str, env: str | None = None, **ids: Any
        ) -> HttpResponseBase:
            inside = _entered(request, org, env)
            _require(inside, permission)
            return view(inside, **ids)

        return _declared(guarded, permission)

    return decorate


def action(permission: str) -> Callable[[View], View]:
    """Open an action, POST only, as `needs` does; it leaves its two rows in the audit record."""
    _require_known(permission)

    def decorate(view: View) -> View:
        @require_POST
        @wraps(view)
        def guarded(
            request: HttpRequest, *, org: str, env: str | None = None, **ids: Any
        ) -> HttpResponseBase:
            inside = _entered(request, org, env)
            with recorded(_deed(inside, permission, ids)) as inside.recording:
                _require(inside, permission)
                return inside.recording.answered(view(inside, **ids))

        return _declared(guarded, permission)

    return decorate


def page_and_action(shown: View, acted: View) -> View:
    """Put a form and what it does at one address: the page by GET, the action by POST."""
    if shown.permission != acted.permission:  # type: ignore[attr-defined]  # both are declared
        raise LookupError("A form and its action ask for the same permission.")

    def either(request: HttpRequest, **ids: Any) -> HttpResponseBase:
        view = shown if request.method in {"GET", "HEAD"} else acted
        return view(request, **ids)

    either = require_http_methods(["GET", "HEAD", "POST"])(either)
    return _declared(either, acted.permission)  # type: ignore[attr-defined]  # as above


def personal(view: View) -> View:
    """Open a view to whoever is signed in; it shows and changes nothing but their own."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **ids: Any) -> HttpResponseBase:
        _known(request)
        return view(request, *args, **ids)

    return _declared(opened, PERSONAL)


def public(view: View) -> View:
    """Open a view to everybody; each one stands on the list of a test."""

    @wraps(view)
    def opened(*args: Any, **ids: Any) -> HttpResponseBase:
        return view(*args, **ids)

    return _declared(opened, PUBLIC)


def _entered(request: HttpRequest, org: str, env: str | None) -> Request:
    return placed(request, find_scope(_known(request), org, env))


def _known(request: HttpRequest) -> User:
    # SignInFirst has turned everybody else away; asked again, so that no order of middleware opens
    if not request.user.is_authenticated:
        raise PermissionDenied("Sign in first.")
    return request.user


def _deed(request: Request, permission: str, ids: Mapping[str, Any]) -> Deed:
    return Deed(
        action=permission,
        person=request.user,
        organization=request.org,
        environment_slug=request.scope.environment.slug if request.scope.environment else "",
        subject=ids,
    )


def _require(request: Request, permission: str) -> None:
    if not request.may(permission):
        role = roles.in_words(request.membership.role)
        raise PermissionDenied(
            f"As {role} of {request.org.name} you may not do this. "
            f"It takes {roles.holders(permission)}."
        )


def _require_known(permission: str) -> None:
    if permission not in roles.PERMISSIONS:
        raise LookupError(f"{permission} is not in the table of hotdash.orgs.roles.")


def _declared(view: View, permission: str) -> View:
    view.permission = permission  # type: ignore[attr-defined]  # what the rule about URLs reads
    # said for every view: a wrapped one of allauth's may have said otherwise before
    view.login_required = permission != PUBLIC  # type: ignore[attr-defined]  # SignInFirst reads it
    return view
