"""Every route of the dashboard as the URL configuration has it, and an address of each."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

RUN_ID = "01a204f9-0000-7000-a000-000000000001"
EVENT_ID = "01a204f9-0000-7000-a000-000000000002"

# whoever adds a route with another hole says here what may stand in it
FILLED = {
    "<int:session_id>": "1",
    "<uuid:run_id>": RUN_ID,
    "<uuid:event_id>": EVENT_ID,
    "(?P<uidb36>[0-9A-Za-z]+)": "abc",
    "(?P<key>[0-9A-Za-z-]+)": "def-0123",
}


def routes() -> list[tuple[str, str, Any]]:
    """Every route's name, pattern and callback."""
    return list(_below(get_resolver().url_patterns, (), ""))


def address_of(path: str, organization: str = "acme", environment: str = "staging") -> str:
    """An address of the route, in an organization and environment of the cast."""
    filled = path.replace("^", "").removesuffix("$")
    for hole, word in FILLED.items():
        filled = filled.replace(hole, word)
    filled = "/" + filled.replace("<slug:org>", organization).replace("<slug:env>", environment)
    assert "<" not in filled, f"{path}: teach FILLED what to put there"
    return filled


def _below(
    patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...], before: str
) -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _below(pattern.url_patterns, inner, path)
        else:
            yield ":".join((*spaces, pattern.name or path)), path, pattern.callback
