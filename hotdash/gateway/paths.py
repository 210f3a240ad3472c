"""The one builder of upstream paths: nothing unchecked ever becomes part of one."""

import re
from urllib.parse import quote
from uuid import UUID

from hotdash.gateway.errors import Refused

_LITERAL = re.compile(r"[a-z]+(-[a-z]+)*")
_NAME = re.compile(r"[^/\\%?#\x00-\x1f\x7f]{1,200}")


class Name(str):
    """A project's or context key's name, checked and quoted by `named`."""

    __slots__ = ()


def path(*segments: str | UUID) -> str:
    """Return `/a/<uuid>/b`; a segment is a word of ours, a UUID, or what `named` let through."""
    return "".join(f"/{_segment(segment)}" for segment in segments)


def identifier(text: str | UUID) -> UUID:
    """Return the id as a UUID; anything else answers like an unknown id, without a call."""
    if isinstance(text, UUID):
        return text
    try:
        return UUID(text)
    except (ValueError, AttributeError):
        raise Refused(404, "not_found", "Not an id") from None


def named(text: str | UUID) -> Name | UUID:
    """Return a project or key name fit for a path; `..`, `a/b` and empty are unknown names."""
    if isinstance(text, UUID):
        return text
    if not _NAME.fullmatch(text) or set(text) == {"."}:
        raise Refused(404, "not_found", "Not a name")
    return Name(quote(text, safe=""))


def _segment(segment: str | UUID) -> str:
    if isinstance(segment, UUID | Name) or _LITERAL.fullmatch(segment):
        return str(segment)
    raise ValueError(f"{segment!r} was not checked before it became part of a path")
