"""The one place where bytes of an event stream are made."""

import json
from dataclasses import asdict

from hotdash.live.notes import Bye, Mark, Note, name_of

COMMENT = b":\n\n"
RETRY_MS = 1000


def framed(note: Note | Mark | Bye, cursor: str = "") -> bytes:
    """Return a note as one frame, whatever it carries: its data is one line of ASCII JSON.

    So no line break of any kind, however it got into a payload, can end a line or a frame. Only
    what has its place in the hub's order carries a cursor as id.
    """
    data = json.dumps(asdict(note), ensure_ascii=True, separators=(",", ":"))
    number = f"id: {cursor}\n" if cursor else ""
    return f"{number}event: {name_of(note)}\ndata: {data}\n\n".encode("ascii")


def retry(milliseconds: int) -> bytes:
    """Return the line that says when a browser comes back after its stream has ended."""
    return f"retry: {milliseconds:d}\n\n".encode("ascii")
