"""The worker's ends of its sockets: nothing in its loop ever waits for the other side."""

import errno
import fcntl
import os
import sys
import termios
from collections import deque
from dataclasses import dataclass
from socket import send_fds, socket

_RECEIVE_BYTES = 256 * 1024


class Hung(Exception):
    """The other side takes nothing any more."""


@dataclass
class _Waiting:
    """Bytes that still have to go, with descriptors that go with the first of them."""

    data: bytes
    descriptors: tuple[int, ...]
    are_given_away: bool  # closed here once the other side has them

    def left(self) -> None:
        """Close what was given away and is with the other side, or never will be."""
        for descriptor in self.descriptors if self.are_given_away else ():
            os.close(descriptor)
        self.descriptors = ()


class Line:
    """A non-blocking socket with what still has to be sent through it."""

    def __init__(self, connection: socket, most_waiting: int) -> None:
        connection.setblocking(False)
        self.socket = connection
        self._waiting: deque[_Waiting] = deque()
        self._most_waiting = most_waiting
        self._waiting_bytes = 0

    def put(self, data: bytes, descriptors: tuple[int, ...] = ()) -> None:
        """Send soon; raise Hung when too much waits already."""
        self._put(_Waiting(data, descriptors, are_given_away=False))

    def give(self, data: bytes, descriptor: int) -> None:
        """Send soon, with a descriptor that is closed here in any case; raise Hung as `put`."""
        self._put(_Waiting(data, (descriptor,), are_given_away=True))

    def _put(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        self._waiting_bytes += len(waiting.data)
        self.flush()
        if self._waiting_bytes > self._most_waiting:
            raise Hung

    @property
    def is_waiting(self) -> bool:
        """Whether something waits to be sent."""
        return bool(self._waiting)

    @property
    def is_unread(self) -> bool:
        """Whether the other side has still to read something."""
        unread = fcntl.ioctl(self.socket, termios.TIOCOUTQ, bytes(4))
        return self.is_waiting or int.from_bytes(unread, sys.byteorder) > 0

    def flush(self) -> bool:
        """Send what the socket takes now; False while something waits."""
        while self._waiting:
            first = self._waiting[0]
            try:
                sent = self._send(first.data, first.descriptors)
            except BlockingIOError:
                return False
            except (BrokenPipeError, ConnectionResetError):
                self._forget()
                return True
            first.left()
            self._waiting_bytes -= sent
            if sent == len(first.data):
                self._waiting.popleft()
            else:
                first.data = first.data[sent:]
        return True

    def receive(self) -> bytes | None:
        """Return what has arrived, b"" at the end of the stream, None if there is nothing now."""
        try:
            return self.socket.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return None
        except OSError as error:
            if error.errno in (errno.ECONNRESET, errno.EBADF):
                return b""
            raise

    def close(self) -> None:
        """Close the socket."""
        self._forget()
        self.socket.close()

    def _forget(self) -> None:
        for waiting in self._waiting:
            waiting.left()
        self._waiting.clear()
        self._waiting_bytes = 0

    def _send(self, data: bytes, descriptors: tuple[int, ...]) -> int:
        if descriptors:
            return send_fds(self.socket, [data], list(descriptors))
        return self.socket.send(data)
