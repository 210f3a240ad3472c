"""Modules with every shape of function that Python has, and what a recorder says of them."""

from typing import Any

MODULES = {
    "traced_shop": """
import asyncio, contextlib, dataclasses, functools
from traced_stock import leaf, leaf as another_name
import traced_stock

def plain(a, b=2, *rest, word="w", **more):
    return leaf(a) + b

def by_alias(n):
    return another_name(n)

def by_module(n):
    return traced_stock.leaf(n)

def fails(n):
    try:
        leaf("x" * n) + 1
    except TypeError as error:
        raise LookupError("changed") from error

class Cart:
    def __init__(self, n):
        self.n = n

    def add(self, k):
        return leaf(self.n + k)

    @classmethod
    def make(cls, n):
        return cls(n)

    @staticmethod
    def price(n):
        return leaf(n)

    @property
    def size(self):
        return self.n

    class Line:
        def weight(self):
            return leaf(3)

@dataclasses.dataclass
class Point:
    x: int
    def moved(self):
        return Point(self.x + 1)

def items(n):
    for number in range(n):
        got = yield leaf(number)
        if got == "stop":
            return "stopped"
    return "exhausted"

def broken_items():
    yield 1
    raise ValueError("no more")

def consume(n):
    total = 0
    for item in items(n):
        total += traced_stock.twice(item)
    return total

def first_of(n):
    for item in items(n):
        return item

def delegate(n):
    result = yield from items(n)
    return result

async def nap(n):
    await asyncio.sleep(0)
    return leaf(n)

async def together():
    return await asyncio.gather(nap(1), nap(2))

async def fails_later():
    await asyncio.sleep(0)
    raise ValueError("later")

async def ticks(n):
    for number in range(n):
        await asyncio.sleep(0)
        yield leaf(number)

async def count_ticks(n):
    return [tick async for tick in ticks(n)]

@contextlib.contextmanager
def opened():
    yield leaf(1)

@functools.cache
def cached(n):
    return leaf(n)

def nested(n):
    def inner(k):
        return k * 2
    return inner(n)

shortcut = lambda n: n
""",
    "traced_stock": """
def leaf(n):
    return n

def twice(n):
    return leaf(n) * 2
""",
}


class Trace:
    """The calls that a recorder sent, as a reader of the wire sees them."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def calls(self) -> list[dict[str, Any]]:
        newest: dict[int, dict[str, Any]] = {}
        for message in self.sent:
            newest[message["seq"]] = newest.get(message["seq"], {}) | message
        return [newest[seq] for seq in sorted(newest)]

    def tree(self) -> list[tuple[int | None, str]]:
        return [(call["parent"], call["var"]) for call in self.calls()]
