"""What is really served, read from the URL configuration."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

PREFIXES = ("/v1", "/api/v1")


def versioned() -> set[tuple[str, str]]:
    """Return method and path of every route under the prefixes, its holes without names."""
    return {
        (method, f"/{nameless(str(pattern.pattern))}")
        for pattern in _patterns()
        for method in _methods(pattern)
    }


def nameless(path: str) -> str:
    """Return a path with `{}` for each hole, however it is named and written."""
    return re.sub(r"<[^>]*>|\{\w+\}", "{}", path)


def methods_of(path: str) -> set[str]:
    """Return the methods that are served under a path of the table."""
    return {method for method, route in versioned() if route == nameless(path)}


def _patterns() -> Iterator[URLPattern]:
    for entry in get_resolver("hotdash.localapi.urls").url_patterns:
        if isinstance(entry, URLResolver) and "v1/" in str(entry.pattern):
            yield from (route for route in entry.url_patterns if isinstance(route, URLPattern))


def _methods(pattern: URLPattern) -> Iterator[str]:
    """Yield the methods of a view, which ninja keeps inside of it."""
    for cell in getattr(pattern.callback, "__closure__", None) or ():
        if isinstance(cell.cell_contents, PathView):
            for operation in cell.cell_contents.operations:
                yield from operation.methods
