"""Where hotdash is reached and by whom: the settings that decide between local and production."""

from urllib.parse import urlsplit

from hotdash.host import environment
from hotdash.host.environment import MissingSetting

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SIGNUP_MODES = ("invite", "open", "closed")


def public_url() -> str:
    """Return HOTDASH_PUBLIC_URL as an https origin, "" in local mode; raise MissingSetting."""
    raw = environment.text("HOTDASH_PUBLIC_URL").rstrip("/")
    if not raw:
        return ""
    parts = urlsplit(raw)
    if parts.scheme != "https" or not parts.hostname or raw != f"https://{parts.netloc}":
        raise MissingSetting(
            f"HOTDASH_PUBLIC_URL must be an https address without a path, not {raw!r}."
        )
    if "@" in parts.netloc:
        raise MissingSetting("HOTDASH_PUBLIC_URL must hold no name or password.")
    return raw.lower()


def is_debug() -> bool:
    """Return whether debug pages are on; only on loopback and without a public URL."""
    if not environment.is_on("HOTDASH_DEBUG"):
        return False
    if environment.text("HOTDASH_PUBLIC_URL"):
        raise MissingSetting("HOTDASH_DEBUG shows secrets: unset it, or HOTDASH_PUBLIC_URL.")
    if environment.text("HOTDASH_HOST") not in LOOPBACK:
        raise MissingSetting("HOTDASH_DEBUG shows secrets: it needs HOTDASH_HOST=127.0.0.1.")
    return True


def embedded_origin() -> str:
    """Return the origin at which the dashboard calls the embedded API."""
    host = environment.text("HOTDASH_API_HOST")
    if host in {"0.0.0.0", "::"}:  # noqa: S104  listening everywhere includes loopback
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{environment.number('HOTDASH_API_PORT')}"


def dashboard_origin() -> str:
    """Return the origin that a person on this machine, or anywhere once public, opens."""
    return public_url() or f"http://127.0.0.1:{environment.number('HOTDASH_PORT')}"


def signup_mode() -> str:
    """Return who may make an account; raise MissingSetting for an unknown word."""
    mode = environment.text("HOTDASH_SIGNUP")
    if mode not in SIGNUP_MODES:
        raise MissingSetting(f"HOTDASH_SIGNUP is one of {', '.join(SIGNUP_MODES)}, not {mode!r}.")
    return mode
