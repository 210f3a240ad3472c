"""How a file's path is written: one way for each file (contract 5.8; threats F7).

The path is a name in a table. It never becomes a path on disk.
"""

import re

from hotdash.localapi.errors import Refused

_SCHEME = "hot://"
_MOST_BYTES = 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def normalised(path: str) -> str:
    """Return the path as it is kept; raise 400 saying what no path may be.

    `hot://` in front, empty segments and `.` are dropped, `..` is resolved.
    """
    if _CONTROL.search(path):
        raise Refused(400, "The path holds a control character.")
    segments: list[str] = []
    for segment in path.removeprefix(_SCHEME).split("/"):
        if segment == "..":
            if not segments:
                raise Refused(400, "The path leads out of the environment's files.")
            segments.pop()
        elif ".." in segment:
            raise Refused(400, "No name in a path may hold two dots in a row.")
        elif segment not in ("", "."):
            segments.append(segment)
    return _checked(segments)


def _checked(segments: list[str]) -> str:
    if not segments:
        raise Refused(400, "The path names no file.")
    if segments[0].lower() == _SCHEME[:-2]:
        raise Refused(400, "hot:// stands once, in front of a path.")
    path = "/".join(segments)
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        raise Refused(400, "The path is no text that could be written down.") from None
    if length > _MOST_BYTES:
        raise Refused(400, f"The path is longer than {_MOST_BYTES:,} bytes.")
    return path
