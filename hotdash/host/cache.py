"""The cache that all processes share: Redis where REDIS_URL names one, else the database."""

import json
from typing import Any
from urllib.parse import urlsplit

from hotdash.host import environment
from hotdash.host.environment import MissingSetting

_SCHEMES = {"redis", "rediss", "unix"}
_SECONDS = 2


class JsonSerializer:
    """Values as JSON: Django's own serializer unpickles, and so runs, what the cache gives it."""

    def dumps(self, value: Any) -> bytes | int:
        """Return what is stored; an integer as itself, so that Redis can count with it."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, stored: bytes) -> Any:
        """Return the value; raise ValueError for bytes that are no JSON."""
        return json.loads(stored)


def backend() -> dict[str, Any]:
    """Return the entry for Django's CACHES; raise MissingSetting for an address that is none."""
    url = environment.text("REDIS_URL")
    if not url:
        return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    if urlsplit(url).scheme not in _SCHEMES:
        raise MissingSetting("REDIS_URL must begin with redis://, rediss:// or unix://.")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "hotdash",
        "OPTIONS": {
            "serializer": "hotdash.host.cache.JsonSerializer",
            "socket_connect_timeout": _SECONDS,
            "socket_timeout": _SECONDS,
        },
    }
