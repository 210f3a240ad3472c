"""What kind of content a file is: told by its path, from a table of our own (threats F1)."""

import re
from pathlib import PurePosixPath

from hotdash.localapi.errors import Refused

UNKNOWN = "application/octet-stream"
_BY_EXTENSION = {
    "txt": "text/plain",
    "html": "text/html",
    "htm": "text/html",
    "css": "text/css",
    "js": "application/javascript",
    "json": "application/json",
    "xml": "application/xml",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "tar": "application/x-tar",
    "gz": "application/gzip",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "csv": "text/csv",
    "md": "text/markdown",
    "hot": "text/x-hot",
}
_KNOWN = frozenset(_BY_EXTENSION.values())
_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}/[A-Za-z0-9][\w.+-]{0,63}(?:\s*;[\x20-\x7e]{1,64})?")


def type_of(path: str) -> str | None:
    """Return the type that a path tells; None where its name has no extension (contract 5.8)."""
    extension = PurePosixPath(path).suffix.removeprefix(".")
    return _BY_EXTENSION.get(extension.lower(), UNKNOWN) if extension else None


def checked(content_type: str) -> str:
    """Return a type that somebody names; raise 400 where it is none."""
    if not _TYPE.fullmatch(content_type):
        raise Refused(400, "content_type is no media type, such as text/csv.")
    return content_type


def sent_as(content_type: str | None) -> str:
    """Return the type that a download says: one of our table, whatever somebody named."""
    return content_type if content_type in _KNOWN else UNKNOWN
