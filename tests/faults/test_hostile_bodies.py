"""A hostile Hot API costs its own people a page in words, and nobody else anything."""

import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack

import pytest

from hotdash.gateway.slots import PER_ENVIRONMENT
from tests.gateway.servers import Piece, answer, serving
from tests.live.sockets import House, house
from tests.sockets import wait_for

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
MIB = 2**20
BOMB = zlib.compress(b" " * (64 * MIB), 9, 31)  # as gzip
DRIBBLE: tuple[Piece, ...] = (b" ", 1.0) * 60
HEADERS: tuple[Piece, ...] = (b"x-a: b\r\n", 0.2) * 300

BROKEN = "is no JSON."
LARGE = "is larger than hotdash reads."
SILENT = "gave no answer in time."
BUSY = "under way as it makes at once."
HOSTILE: dict[str, tuple[tuple[Piece, ...], str]] = {
    "brackets": ((answer(b'{"data": ' + b"[" * 100_000),), BROKEN),
    "digits": ((answer(b'{"data": [' + b"7" * 5_000 + b"]}"),), BROKEN),
    "bomb": ((answer(BOMB, content_encoding="gzip"),), "in a way that hotdash did not ask for."),
    "flood": ((HEAD, *[b" " * MIB] * 200), LARGE),
    "dribble": ((HEAD, *DRIBBLE), SILENT),
    "headers": ((b"HTTP/1.1 200 OK\r\n", *HEADERS), SILENT),
}
AT_ONCE = 4  # pages of each: what waits for a slot of its environment holds a thread, too


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A dashboard that runs, with one tenant whose Hot API is well."""
    with house(tmp_path_factory.mktemp("hostile")) as running:
        running.sessions["good"] = running.tell("tenant", "good", running.api.origin)["session"]
        yield running


CROWD = 60  # pages of one tenant: more than there are threads


def ask(home: House, tenant: str) -> str:
    """A tenant's list of runs."""
    return home.dashboard.page(f"/{tenant}/production/runs/", home.sessions[tenant])


def test_every_hostile_server_gets_its_page_in_words_and_others_are_answered_meanwhile(
    home: House,
) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(len(HOSTILE) * AT_ONCE) as people:
        for name, (pieces, _) in HOSTILE.items():
            server = stack.enter_context(serving(*pieces))
            origin = f"http://127.0.0.1:{server.port}"
            home.sessions[name] = home.tell("tenant", name, origin)["session"]
        asked: dict[str, list[Future[str]]] = {
            name: [people.submit(ask, home, name) for _ in range(AT_ONCE)] for name in HOSTILE
        }
        slow = [*asked["dribble"], *asked["headers"]]
        answered = 0
        while not any(page.done() for page in slow):
            assert "No run yet" in ask(home, "good")
            answered += 1
        assert answered > 1, "the first of them alone may have been there before"
        wait([page for pages in asked.values() for page in pages])
        for name, (_, words) in HOSTILE.items():
            for page in asked[name]:
                assert words in " ".join(page.result().split()), name
        assert "No run yet" in ask(home, "good")


def test_a_crowd_that_waits_for_a_silent_server_keeps_nobody_else_waiting(home: House) -> None:
    with serving(60.0) as server, ThreadPoolExecutor(CROWD) as people:
        origin = f"http://127.0.0.1:{server.port}"
        home.sessions["silent"] = home.tell("tenant", "silent", origin)["session"]
        crowd = [people.submit(ask, home, "silent") for _ in range(CROWD)]
        wait_for(lambda: server.connections == PER_ENVIRONMENT)
        assert "No run yet" in ask(home, "good")
        answered = sum(page.done() for page in crowd)
        assert answered < CROWD // 2, "the other had to wait for its turn behind them"
        for page in crowd:
            words = " ".join(page.result().split())
            assert SILENT in words or BUSY in words, words
