"""WSGI on threads of an ASGI server, where a client that leaves frees its thread.

a2wsgi alone hands each piece of an answer to the loop and waits until it is taken: for ever, when
the client is gone and the server has stopped taking. Enough downloads that are broken off would
hold every thread.
"""

from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import WSGIResponder

from hotdash.host.lifespan import Message, Receive, Scope, Send

__all__ = ["Threads"]


class _Responder(WSGIResponder):
    """One answer, which ends with its client."""

    _is_over = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._is_over = True
            while not self.send_queue.empty():  # so that the thread's last piece is taken
                self.send_queue.get_nowait()

    def send(self, message: Any) -> None:
        """Hand over a piece of the answer; raise ConnectionResetError when nobody wants it."""
        if self._is_over:
            raise ConnectionResetError
        super().send(message)


class Threads:
    """A WSGI application as an ASGI application, on so many threads."""

    def __init__(self, application: Any, workers: int) -> None:
        self._bridge = WSGIMiddleware(application, workers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        bridge = self._bridge
        respond = _Responder(bridge.app, bridge.executor, bridge.send_queue_size)
        await respond(scope, _whole(receive), send)


def _whole(receive: Receive) -> Receive:
    """Say where a body broke off: to a2wsgi that looks like its end."""

    async def checked() -> Message:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        return message

    return checked
