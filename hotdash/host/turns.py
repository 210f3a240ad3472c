"""Taking turns: whoever is slow makes wait those who want the same, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """So many places for each key, given in the order in which they are asked for."""

    def __init__(self, places: int) -> None:
        self._places = places
        # a key is forgotten with the last who holds or awaits a place of it: none outlives its loop
        self._of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, key: str) -> AsyncIterator[None]:
        """Hold one of the key's places while inside."""
        places = self._of.get(key)
        if places is None:
            places = self._of[key] = asyncio.Semaphore(self._places)
        async with places:
            yield
