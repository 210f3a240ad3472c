"""An upload of a form while it arrives: a file that is gone as soon as the disk refuses it."""

from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.files.uploadhandler import TemporaryFileUploadHandler

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class Incoming(TemporaryFileUploadHandler):
    """Writes an upload to a file; Django's own leaves it there until its memory is collected."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Append a part; raise OSError, with nothing left behind, where there is no room."""
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError:
            self._discard()
            raise

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Return the whole file; raise OSError, with nothing left behind, where it has no room."""
        try:
            return super().file_complete(file_size)
        except OSError:
            self._discard()
            raise

    def _discard(self) -> None:
        # its end flushes, for which there is no room, and deletes it all the same
        with suppress(OSError):
            self.file.close()
