"""Reads the address of a Hot API as a person types it: scheme, host, port, and at most a prefix."""

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import SplitResult, urlsplit

PREFIXES = ("", "/v1", "/api/v1")

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9])?")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")


class BadBaseUrl(ValueError):
    """An address that is not taken; its text is the sentence for the form."""


def parse_base_url(text: str) -> tuple[str, str]:
    """Return (origin, prefix), normalised: lower case, no default port, no slash at the end.

    Raises BadBaseUrl. An empty prefix means that it is to be found out.
    """
    text = text.strip(" ")
    if _FORBIDDEN.search(text):
        raise BadBaseUrl("An address holds no spaces, backslashes or control characters.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadBaseUrl("The port is a number from 1 to 65535, the host a name.") from None
    _refuse_extras(text, parts)
    prefix = parts.path.rstrip("/")
    if prefix not in PREFIXES:
        raise BadBaseUrl("After the host there may be /v1 or /api/v1, nothing else.")
    if port == 0:
        raise BadBaseUrl("The port is a number from 1 to 65535, the host a name.")
    has_own_port = port is not None and port != _PORTS[parts.scheme]
    suffix = f":{port}" if has_own_port else ""
    return f"{parts.scheme}://{_host(parts)}{suffix}", prefix


def split_origin(origin: str) -> tuple[str, str, int]:
    """Return (scheme, host, port) of an origin that `parse_base_url` made."""
    parts = urlsplit(origin)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]


def _refuse_extras(text: str, parts: SplitResult) -> None:
    if parts.scheme not in _PORTS or not text[len(parts.scheme) :].startswith("://"):
        raise BadBaseUrl("An address starts with https:// or http://.")
    if "@" in parts.netloc:
        raise BadBaseUrl("An address holds no user name or password; the key has its own field.")
    if "?" in text or "#" in text:
        raise BadBaseUrl("An address ends with its host, or with /v1 or /api/v1: no ? and no #.")
    if "%" in parts.netloc:
        raise BadBaseUrl("A host holds no % signs.")
    if parts.netloc.endswith(":"):
        raise BadBaseUrl("The port is a number from 1 to 65535, the host a name.")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if "[" in parts.netloc:
        try:
            return f"[{IPv6Address(host).compressed}]"
        except AddressValueError:
            raise BadBaseUrl("Between [ and ] stands an IPv6 address.") from None
    if not host:
        raise BadBaseUrl("The address has no host.")
    if not host.isascii():
        raise BadBaseUrl("Write the host in its ASCII form, which starts with xn--.")
    if not _HOST.fullmatch(host):
        raise BadBaseUrl("A host is made of letters, digits, dots and hyphens.")
    return host
