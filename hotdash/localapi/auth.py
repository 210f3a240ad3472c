"""API keys: `hot_<32 hex id>_<64 hex secret>`; only the secret's hash is kept (contract 2.1)."""

import hashlib
import hmac
import re
import secrets
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from hotdash.localapi.errors import Refused
from hotdash.localapi.models import ApiKey

_TOKEN = re.compile(r"Bearer hot_([0-9a-fA-F]{32})_([0-9a-fA-F]{64})")
# a write for each request would cost more than the request
_USE_IS_NOTED_EVERY = timedelta(minutes=5)


class Request(HttpRequest):
    """A request whose key was found and may do what its route needs."""

    auth: ApiKey


def new_secret() -> str:
    """Return the 64 hex digits of a fresh key."""
    return secrets.token_hex(32)


def token_of(key_id: UUID, secret: str) -> str:
    """Return what a client sends after `Bearer `."""
    return f"hot_{key_id.hex}_{secret}"


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("ascii")).digest()


def authenticate(request: HttpRequest) -> ApiKey:
    """Return the live key of the Authorization header, its environment loaded; else raise 401."""
    match = _TOKEN.fullmatch(request.headers.get("Authorization", ""))
    if match is None:
        raise Refused(401, "Send an API key: Authorization: Bearer hot_…")
    key = (
        ApiKey.objects.select_related("environment")
        .filter(key_id=UUID(match[1]), revoked_at=None)
        .first()
    )
    if key is None or not hmac.compare_digest(bytes(key.hash), hash_of(match[2])):
        raise Refused(401, "This API key is unknown or was revoked.")
    _note_use(key)
    return key


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    old = now - _USE_IS_NOTED_EVERY
    if key.last_used_at is None or key.last_used_at < old:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=old)
        with suppress(OperationalError):  # a full disk or a long queue must not stop a reader
            ApiKey.objects.filter(stale, key_id=key.key_id).update(last_used_at=now)
