"""What this machine needs to work for others: the files that they share, and room on its disk."""

import logging

from hotdash.host.logs import say
from hotdash.localapi import room, sharing

_LOG = logging.getLogger(__name__)


class Conditions:
    """What was found at the last look; a change is said in the log."""

    def __init__(self) -> None:
        self._lacks_room = ""

    @property
    def may_work(self) -> bool:
        """Whether what waits could be read and kept here."""
        return sharing.known().is_shared

    @property
    def may_begin(self) -> bool:
        """Whether there is room for a run."""
        return not self._lacks_room

    def look(self) -> None:
        """Look anew; raise DatabaseError."""
        before = sharing.known()
        now = sharing.look()
        if now != before:
            say(_LOG, now.trouble or "Builds and files are shared again: work is taken.")
        self._note_room(room.trouble())

    def lack_room(self, reason: str) -> None:
        """Begin no run until the next look, whatever the disk says of itself: it may be a quota."""
        self._note_room(f"A run could not begin: {reason}. It waits until there is room.")

    def _note_room(self, trouble: str) -> None:
        if bool(trouble) != bool(self._lacks_room):
            say(_LOG, trouble or "The disk has room again: runs begin.")
        self._lacks_room = trouble
