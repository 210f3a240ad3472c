"""gunicorn's ASGI worker, which tells open streams that it stops."""

import asyncio
import gc
from typing import Any
from weakref import WeakSet

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

from hotdash.host import process, stopping

# the arbiter kills after graceful_timeout: a worker that waits as long never closes its pools
_HEAD_START_SECONDS = 1
# new objects between two looks for cycles; Python's own 700 looks a dozen times a page
_GC_THRESHOLD = 10_000
# how long somebody whose request was refused may go on sending it before the line is cut
_LINGER_SECONDS = 5
_COMPANIONS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store, private"),
)


class Protocol(ASGIProtocol):  # type: ignore[misc]  # gunicorn is untyped
    """A connection that leaves when told, and whose own refusals carry every answer's headers.

    An answer that comes before the end of its request's body is heard: closed at once, the
    connection would be reset by what still arrives, and the answer be lost with it.
    """

    _closed: bool
    _lingers = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, and let the worker know of it."""
        super().connection_made(transport)
        self.worker.connections.add(self)

    def leave_if_idle(self) -> None:
        """Close between two requests; gunicorn itself waits for idle browsers to the very end."""
        if self._awaiting_request:
            self._keepalive_timeout()

    def data_received(self, data: bytes) -> None:
        """Take what arrives; throw it away where the answer has been given already."""
        if not self._lingers:
            super().data_received(data)

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:
        return self._is_unread or super()._will_close(request, response_requires_close)

    @property
    def _is_unread(self) -> bool:
        receiver = self._body_receiver
        return receiver is not None and not receiver._complete  # noqa: SLF001  it has no other name

    def _close_transport(self) -> None:
        transport = self.transport
        if self._closed or transport is None or transport.is_closing() or not self._is_unread:
            super()._close_transport()
            return
        self._closed = self._lingers = True
        self._resume_reading()
        transport.write_eof()
        self.worker.loop.call_later(_LINGER_SECONDS, transport.close)

    def _send_error_response(
        self, status: int, message: str, extra_headers: tuple[tuple[str, str], ...] = ()
    ) -> Any:
        super()._send_error_response(status, message, (*extra_headers, *_COMPANIONS))


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]  # gunicorn is untyped
    """One process that serves pages and streams and leaves within gunicorn's graceful timeout."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: WeakSet[Protocol] = WeakSet()

    def init_process(self) -> None:
        """Die with the arbiter, and leave before it loses patience."""
        process.dying_with(self.ppid)()
        gasgi.ASGIProtocol = Protocol  # the worker makes one for each connection, by this name
        self.cfg.set("graceful_timeout", max(1, self.cfg.graceful_timeout - _HEAD_START_SECONDS))
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application, and leave what it is made of out of every later collection.

        A full collection over all of Django stops a page for 70 ms.
        """
        super().load_wsgi()
        gc.collect()
        gc.freeze()
        gc.set_threshold(_GC_THRESHOLD)

    def handle_exit_signal(self) -> None:
        """On SIGTERM: end the live generators and idle connections, then stop as gunicorn does."""
        stopping.of(self.loop).set()
        super().handle_exit_signal()
        for connection in tuple(self.connections):
            connection.leave_if_idle()
