"""The ways in which a view is opened; one that took none of them stays closed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from hotdash.guard.recording import recorded
from hotdash.guard.request import Request, placed
from hotdash.guard.scope import find_scope
from hotdash.orgs import roles

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]
Opened = Callable[..., HttpResponseBase]

PERSONAL = "personal"
PUBLIC = "public"


def needs(permission: str) -> Callable[[View[P]], Opened]:
    """Open a page to members of the URL's organization whose role has the permission."""
    _require_known(permission)

    def decorate(view: View[P]) -> Opened:
        @require_safe
        @wraps(view)
        def guarded(
            request: HttpRequest, *, org: str, env: str | None = None, **ids: Any
        ) -> HttpResponseBase:
            scoped = placed(request, find_scope(_person(request), org, env))
            _require(scoped, permission)
            return view(scoped, **ids)  # type: ignore[call-arg]  # the URL's own arguments

        return _declare(guarded, permission)

    return decorate


def action(permission: str) -> Callable[[View[P]], Opened]:
    """Open an action, POST only, as `needs` does; it leaves its two rows in the audit record."""
    _require_known(permission)

    def decorate(view: View[P]) -> Opened:
        @require_POST
        @wraps(view)
        def guarded(
            request: HttpRequest, *, org: str, env: str | None = None, **ids: Any
        ) -> HttpResponseBase:
            scoped = placed(request, find_scope(_person(request), org, env))
            with recorded(scoped, permission, ids) as record:
                _require(scoped, permission)
                return record.answered(view(scoped, **ids))  # type: ignore[call-arg]  # as above

        return _declare(guarded, permission)

    return decorate


def personal(view: Callable[..., HttpResponseBase]) -> Opened:
    """Open a view to whoever is signed in; it shows and changes nothing but their own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **ids: Any) -> HttpResponseBase:
        return view(request, *args, **ids)

    return _declare(guarded, PERSONAL)


def public(view: Callable[..., HttpResponseBase]) -> Opened:
    """Open a view to everybody; each one stands on the list of a test."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **ids: Any) -> HttpResponseBase:
        return view(request, *args, **ids)

    return _declare(guarded, PUBLIC)


def _require(request: Request, permission: str) -> None:
    if not request.may(permission):
        role = roles.in_words(request.membership.role)
        raise PermissionDenied(
            f"As {role} of {request.org.name} you may not do this. It takes {_who_may(permission)}."
        )


def _person(request: HttpRequest) -> Any:
    # SignInFirst has turned everybody else away; asked again, so that no order of middleware opens
    if not request.user.is_authenticated:
        raise PermissionDenied("Sign in first.")
    return request.user


def _require_known(permission: str) -> None:
    if permission not in roles.PERMISSIONS:
        raise LookupError(f"{permission} is not in the table of hotdash.orgs.roles.")


def _declare(view: Opened, permission: str) -> Opened:
    view.permission = permission  # type: ignore[attr-defined]  # what the rule about URLs reads
    # said for every view: a wrapped one of allauth's may have said otherwise before
    view.login_required = permission != PUBLIC  # type: ignore[attr-defined]  # what SignInFirst reads
    return view


def _who_may(permission: str) -> str:
    holders = roles.PERMISSIONS[permission]
    return " or ".join(roles.in_words(role) for role in roles.Role if role in holders)
