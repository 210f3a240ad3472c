"""Nobody hears through another's key what their own would not open."""

import time

from hotdash.gateway.errors import RouteMissing
from hotdash.gateway.subscriptions import subscribe
from hotdash.gateway.upstream import Gateway
from hotdash.host.turns import Turns
from hotdash.live.aside import asked
from hotdash.live.source import Source
from hotdash.live.topics import Topic

KEPT_SECONDS = 600.0
AT_ONCE = 8  # of an environment: servers bound the subscriptions of an organization

Accepted = tuple[str, str, Topic]


class Joins:
    """Remembers, ten minutes each, which key opened which topic; never the key itself."""

    def __init__(self) -> None:
        self._until: dict[Accepted, float] = {}
        self._few = Turns(AT_ONCE)

    async def try_door(self, gateway: Gateway, topic: Topic, source: Source) -> None:
        """Return once this very key has opened this very subscription; raise what it was told."""
        name = _name(gateway, topic)
        if self._is_accepted(name):
            return
        async with self._few.of(gateway.upstream.environment_id):
            if self._is_accepted(name):
                return  # by another page of the same person, a moment ago
            try:
                async with subscribe(gateway, source.path):
                    pass  # open is accepted; what it would say is said by the one that is shared
            except RouteMissing:
                if not source.can_look:
                    raise
                await asked(gateway, source.look, is_thorough=True)
        self._forget_old()
        self._until[name] = time.monotonic() + KEPT_SECONDS

    def forget(self, person_id: str) -> None:
        """Ask anew for everything of this person."""
        self._until = {name: until for name, until in self._until.items() if name[0] != person_id}

    def _is_accepted(self, name: Accepted) -> bool:
        return self._until.get(name, 0.0) > time.monotonic()

    def _forget_old(self) -> None:
        now = time.monotonic()
        self._until = {name: until for name, until in self._until.items() if until > now}


def _name(gateway: Gateway, topic: Topic) -> Accepted:
    return gateway.person_id, gateway.key.fingerprint, topic
