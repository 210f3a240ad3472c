"""Names in addresses: their shape, and the words that routes have taken."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

_SHAPE = re.compile(r"[a-z0-9-]{2,40}")
_LITERAL = re.compile(r"[^<(\[\\]*")


class BadSlug(ValueError):
    """The name cannot stand in an address; its text is for the person to read."""


def check_organization_slug(slug: str) -> str:
    """Return the slug; raise BadSlug for a wrong shape or a word that a route begins with."""
    return _checked(slug, reserved(0))


def check_environment_slug(slug: str) -> str:
    """Return the slug; raise BadSlug for a wrong shape or a word of ours in its place.

    It stands second in the addresses of its pages and fourth in those of its settings.
    """
    return _checked(slug, reserved(1) | reserved(3))


def reserved(position: int) -> frozenset[str]:
    """Return every fixed word that the URL configuration has at this segment of a path."""
    paths = ("/".join(path).split("/") for path in _routes(get_resolver().url_patterns))
    words = (segments[position] for segments in paths if len(segments) > position)
    return frozenset(word for word in words if word and "<" not in word)


def _checked(slug: str, taken: frozenset[str]) -> str:
    if not _SHAPE.fullmatch(slug):
        raise BadSlug("Use 2 to 40 characters: small letters, digits and hyphens.")
    if slug in taken:
        raise BadSlug(f"“{slug}” is a word that hotdash uses itself. Choose another.")
    return slug


def _routes(
    patterns: list[URLPattern | URLResolver], before: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for pattern in patterns:
        here = str(pattern.pattern).lstrip("^").strip("/")
        path = (*before, here) if here else before
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, path)
        else:
            yield path
