"""The worker's ends of its sockets: nothing in its loop ever waits for the other side."""

import errno
from collections import deque
from socket import send_fds, socket

_RECEIVE_BYTES = 256 * 1024


class Hung(Exception):
    """The other side takes nothing any more."""


class Line:
    """A non-blocking socket with what still has to be sent through it."""

    def __init__(self, connection: socket, most_waiting: int) -> None:
        connection.setblocking(False)
        self.socket = connection
        self._waiting: deque[tuple[bytes, tuple[int, ...]]] = deque()
        self._most_waiting = most_waiting
        self._waiting_bytes = 0

    def put(self, data: bytes, descriptors: tuple[int, ...] = ()) -> None:
        """Send soon; raise Hung when too much waits already."""
        self._waiting.append((data, descriptors))
        self._waiting_bytes += len(data)
        self.flush()
        if self._waiting_bytes > self._most_waiting:
            raise Hung

    @property
    def is_waiting(self) -> bool:
        """Whether something waits to be sent."""
        return bool(self._waiting)

    def flush(self) -> bool:
        """Send what the socket takes now; False while something waits."""
        while self._waiting:
            data, descriptors = self._waiting[0]
            try:
                sent = self._send(data, descriptors)
            except BlockingIOError:
                return False
            except (BrokenPipeError, ConnectionResetError):
                self._waiting.clear()
                return True
            self._waiting_bytes -= sent
            if sent == len(data):
                self._waiting.popleft()
            else:
                self._waiting[0] = (data[sent:], ())
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
        self.socket.close()

    def _send(self, data: bytes, descriptors: tuple[int, ...]) -> int:
        if descriptors:
            return send_fds(self.socket, [data], list(descriptors))
        return self.socket.send(data)
