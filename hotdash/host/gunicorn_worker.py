"""gunicorn's ASGI worker, which tells open streams that it stops."""

from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

from hotdash.host import process, stopping

# the arbiter kills after graceful_timeout: a worker that waits as long never closes its pools
_HEAD_START_SECONDS = 1


_COMPANIONS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store, private"),
)


class Protocol(ASGIProtocol):  # type: ignore[misc]  # gunicorn is untyped
    """A connection whose own refusals, of what is no HTTP, carry the headers of every answer."""

    def _send_error_response(
        self, status: int, message: str, extra_headers: tuple[tuple[str, str], ...] = ()
    ) -> Any:
        super()._send_error_response(status, message, (*extra_headers, *_COMPANIONS))


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]  # gunicorn is untyped
    """One process that serves pages and streams and leaves within gunicorn's graceful timeout."""

    def init_process(self) -> None:
        """Die with the arbiter, and leave before it loses patience."""
        process.dying_with(self.ppid)()
        gasgi.ASGIProtocol = Protocol  # the worker makes one for each connection, by this name
        self.cfg.set("graceful_timeout", max(1, self.cfg.graceful_timeout - _HEAD_START_SECONDS))
        super().init_process()

    def handle_exit_signal(self) -> None:
        """On SIGTERM: end the live generators, then stop as gunicorn does."""
        stopping.of(self.loop).set()
        super().handle_exit_signal()
