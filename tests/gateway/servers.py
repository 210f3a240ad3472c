"""Servers on a real socket that say exactly what a test wants, well-behaved or not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway, Upstream

Piece = bytes | float  # bytes to send, or seconds to wait


class Server:
    """A listener on loopback; `requests` holds the head of each request that arrived."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self._pieces = pieces
        self._is_over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def gateway(self, host: str = "127.0.0.1", *, is_embedded: bool = False) -> Gateway:
        """A door to this server under one of its names."""
        origin = f"http://{host}:{self.port}"
        upstream = Upstream(f"env-{self.port}", origin, "/v1", is_embedded=is_embedded)
        return Gateway(upstream, Secret("hot_" + "k" * 40), "mia")

    def stop(self) -> None:
        """Accept nothing more and let the open conversations end."""
        self._is_over.set()
        self._accepting.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._is_over.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        connection.settimeout(60)
        # the client may go away in the middle, which is what some tests want of it
        with connection, suppress(OSError):
            self.requests.append(connection.recv(65536))
            for piece in self._pieces:
                if isinstance(piece, bytes):
                    connection.sendall(piece)
                elif self._is_over.wait(piece):
                    return


@contextmanager
def serving(*pieces: Piece) -> Iterator[Server]:
    """Answer each request with these pieces, one after the other, then close."""
    server = Server(pieces)
    try:
        yield server
    finally:
        server.stop()


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; header names are written with underscores."""
    given = {"content-type": "application/json", "content-length": str(len(body))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{head}connection: close\r\n\r\n".encode() + body
