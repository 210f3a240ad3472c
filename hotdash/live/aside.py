"""Work of streams that waits: for the database on some threads, for servers on others."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from hotdash.gateway.upstream import Gateway
from hotdash.host.aside import Aside
from hotdash.host.turns import Turns

THREADS = 32  # that wait for servers

P = ParamSpec("P")
T = TypeVar("T")

aside = Aside(4, "live")  # rights that end: neither who knocks nor a slow server delays that

knocking = Aside(16, "live-door")
_asking = Aside(THREADS, "live-asking")
# of the eight calls that an environment may have under way pages keep some
_turns = Turns(4)


async def asked(
    gateway: Gateway, call: Callable[Concatenate[Gateway, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Return what the gateway's server answers to a call; a slow one holds few of the threads."""
    async with _turns.of(gateway.upstream.environment_id):
        return await _asking(call, gateway, *args, **kwargs)
