"""The end of a server, told to everything that would otherwise stream for ever."""

import asyncio
from weakref import WeakKeyDictionary

_EVENTS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Event] = WeakKeyDictionary()


def stopping() -> asyncio.Event:
    """Return the event of the running loop that is set when the server was told to stop.

    Every live generator waits on it beside its own source, sends its last frame and ends.
    """
    return of(asyncio.get_running_loop())


def of(loop: asyncio.AbstractEventLoop) -> asyncio.Event:
    """Return the event of that loop; one each, so that tests and servers never share one."""
    return _EVENTS.setdefault(loop, asyncio.Event())
