"""The ASGI lifespan, which Django refuses: what opens in the worker closes in it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]


async def live(
    receive: Receive, send: Send, *, opens: Callable[[], None], closes: Callable[[], None]
) -> None:
    """Answer the lifespan scope: `opens` after the fork, `closes` when the last request is over."""
    await receive()
    opens()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    closes()
    await send({"type": "lifespan.shutdown.complete"})
