"""Whoever is slow keeps those waiting who want the same, and nobody else."""

import asyncio

from hotdash.host.turns import Turns
from tests.live.page import until


async def hold(turns: Turns, key: str, entered: list[int], number: int) -> None:
    """Take a place and keep it."""
    async with turns.of(key):
        entered.append(number)
        await asyncio.Event().wait()


async def test_so_many_of_one_key_are_in_at_once_and_the_next_follow_in_order() -> None:
    turns, entered = Turns(2), list[int]()
    waiting = [asyncio.create_task(hold(turns, "a", entered, n)) for n in range(4)]
    await until(lambda: entered == [0, 1])
    async with turns.of("b"):
        assert entered == [0, 1]
    waiting[1].cancel()
    await until(lambda: entered == [0, 1, 2])
    waiting[3].cancel()  # who gives up waiting takes no place
    waiting[0].cancel()
    await asyncio.gather(waiting[3], waiting[0], return_exceptions=True)
    await asyncio.wait_for(hold_for_once(turns, "a"), 3)
    waiting[2].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def hold_for_once(turns: Turns, key: str) -> None:
    async with turns.of(key):
        pass


async def test_a_key_that_nobody_holds_is_forgotten() -> None:
    turns = Turns(1)
    for number in range(100):
        async with turns.of(str(number)):
            assert len(turns._of) == 1
    assert len(turns._of) == 0
