"""Who sends a request: `Authorization: Bearer` and one of three kinds of tokens (contract 2.1).

Only the hash of a token's secret is kept. Every refusal is the same for an id that is unknown and
for a secret that is wrong.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from hotdash.localapi.credentials import rates
from hotdash.localapi.credentials.principals import Kind, Principal
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import ApiKey, ServiceKey, Session

_ID = "([0-9a-fA-F]{32})"
_TOKENS: Mapping[Kind, re.Pattern[str]] = {
    Kind.API_KEY: re.compile(f"Bearer hot_{_ID}_([0-9a-fA-F]{{64}})"),
    Kind.SESSION: re.compile(f"Bearer s_{_ID}_([0-9a-fA-F]{{32}})"),
    Kind.SERVICE_KEY: re.compile(f"Bearer {_ID}_([0-9a-fA-F]{{32}})"),
}
_PREFIXES: Mapping[Kind, str] = {Kind.API_KEY: "hot_", Kind.SESSION: "s_", Kind.SERVICE_KEY: ""}
_SECRET_BYTES: Mapping[Kind, int] = {Kind.API_KEY: 32, Kind.SESSION: 16, Kind.SERVICE_KEY: 16}
# a write for each request would cost more than the request
_USE_IS_NOTED_EVERY = timedelta(minutes=5)


class Request(HttpRequest):
    """A request whose credential was found and may do what its route needs."""

    auth: Principal
    principal: Principal  # from the moment it is found, whatever it may do


def new_secret(kind: Kind = Kind.API_KEY) -> str:
    """Return the hex digits of a fresh credential."""
    return secrets.token_hex(_SECRET_BYTES[kind])


def token_of(credential_id: UUID, secret: str, kind: Kind = Kind.API_KEY) -> str:
    """Return what a client sends after `Bearer `."""
    return f"{_PREFIXES[kind]}{credential_id.hex}_{secret}"


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("ascii")).digest()


def authenticate(request: HttpRequest) -> Principal:
    """Return whose live credential the Authorization header holds; raise 401, or 429."""
    kind, credential_id, secret = _sent(request.headers.get("Authorization", ""))
    row = live(kind).filter(pk=credential_id).first()
    if row is None or not hmac.compare_digest(bytes(row.hash), hash_of(secret)):
        raise Refused(401, f"This {kind.value} is unknown, was revoked or has expired.")
    _note_use(row)
    principal = _principal(kind, row)
    cast("Request", request).principal = principal
    rates.count(principal)
    return principal


def live(kind: Kind) -> QuerySet[Any]:
    """Return the credentials of a kind that are accepted now, with their environments."""
    if kind is Kind.API_KEY:
        return ApiKey.objects.filter(revoked_at=None).select_related("environment")
    given: QuerySet[Any] = (
        Session.objects.all() if kind is Kind.SESSION else ServiceKey.objects.all()
    )
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return given.filter(unexpired, revoked_at=None, api_key__revoked_at=None).select_related(
        "api_key__environment"
    )


def _sent(header: str) -> tuple[Kind, UUID, str]:
    for kind, pattern in _TOKENS.items():
        if match := pattern.fullmatch(header):
            return kind, UUID(match[1]), match[2]
    raise Refused(401, "Send a credential, such as an API key: Authorization: Bearer hot_…")


def _principal(kind: Kind, row: Any) -> Principal:
    key = row if kind is Kind.API_KEY else row.api_key
    return Principal(
        kind=kind,
        credential_id=row.pk,
        key_id=key.key_id,
        environment=key.environment,
        permissions=row.permissions,
    )


def _note_use(row: Any) -> None:
    now = timezone.now()
    old = now - _USE_IS_NOTED_EVERY
    if row.last_used_at is None or row.last_used_at < old:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=old)
        with suppress(OperationalError):  # a full disk or a long queue must not stop a reader
            type(row).objects.filter(stale, pk=row.pk).update(last_used_at=now)
