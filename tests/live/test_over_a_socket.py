"""The whole way, over sockets: what ends a stream says why, and leaves nothing behind.

No test asks a clock: that a change is read once a second is `test_watch`, and a server that did not
end its streams by itself would be killed by its arbiter, without a last word.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from tests import samples
from tests.live.page import until
from tests.live.pushing import live
from tests.live.sockets import Api, House, house


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A dashboard that runs, shared by the tests that do not stop it."""
    with house(tmp_path_factory.mktemp("live")) as running:
        yield running


async def test_a_frame_of_the_server_is_a_frame_at_the_page(home: House) -> None:
    async with home.listening(home.enter("reader")) as page:
        await live(page)
        run_id = samples.new_id()
        home.api.push("run:start", run_id=run_id)
        await until(lambda: page.nudges == [(run_id, "running")])


async def test_a_page_that_goes_away_frees_everything(home: House) -> None:
    async with home.listening(home.enter("leaver")) as page:
        await live(page)
        await until(lambda: home.api.subscribers == 1)
    await until(lambda: home.api.subscribers == 0)


CHANGES: dict[str, Callable[[House, str], object]] = {
    "sign-out": lambda home, name: home.tell("signout", name, home.sessions[name]),
    "another role": lambda home, name: home.tell("role", name, "viewer"),
    "removal": lambda home, name: home.tell("removal", name),
    "another key": lambda home, name: home.tell("key", name, f"hot_{'9' * 40}"),
    "no key": lambda home, name: home.tell("keyless", name),
    "another password": lambda home, name: home.tell("password", name),
    "a closed account": lambda home, name: home.tell("deactivation", name),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_of_a_right_ends_the_persons_streams_and_nobody_elses(
    home: House, change: str
) -> None:
    number = list(CHANGES).index(change)
    name, other = home.enter(f"one{number}"), home.enter(f"other{number}")
    async with home.listening(name) as page, AsyncExitStack() as stack:
        await live(page)  # first, so that it is spoken with this person's key
        neighbour = await stack.enter_async_context(home.listening(other))
        await live(neighbour)
        await asyncio.to_thread(CHANGES[change], home, name)
        await until(lambda: page.has_ended)
        assert page.of("bye") == [{"reason": "revoked"}]
        run_id = samples.new_id()
        await until(partial(neighbour.has_reconnected, 1))
        home.api.push("run:start", run_id=run_id)
        await until(lambda: neighbour.nudges)
        assert not neighbour.has_ended


async def test_a_new_address_of_the_environment_ends_everybodys_streams(home: House) -> None:
    name, other = home.enter("mover"), home.enter("moved")
    async with home.listening(name) as page, home.listening(other) as neighbour:
        await live(page)
        await live(neighbour)
        await asyncio.to_thread(home.tell, "address", "http://127.0.0.1:9")
        await until(lambda: page.has_ended and neighbour.has_ended)
    await asyncio.to_thread(home.tell, "address", home.api.origin)


async def test_the_api_restarts_and_the_page_hears_on(home: House) -> None:
    async with home.listening(home.enter("patient")) as page:
        await live(page)
        port = home.api.server_port
        await asyncio.to_thread(home.api.stop)
        await until(lambda: page.mark["state"] == "reconnecting")
        home.api = Api(port)
        await until(lambda: page.mark["state"] == "live")
        run_id = samples.new_id()
        home.api.push("run:start", run_id=run_id)
        await until(lambda: page.nudges == [(run_id, "running")])
        assert page.mark["reconnects"] == 1
        assert page.mark["missed"] == 0


def test_every_answer_of_live_carries_the_headers(home: House) -> None:
    session = {"Cookie": f"hotdash_session={home.sessions[home.enter('headers')]}"}
    stranger = f"/live/?topic=env:{samples.new_id()}"
    for path, headers, status in (
        ("/live/", session, 400),
        (stranger, session, 404),
        (stranger, {}, 302),
    ):
        answer = home.dashboard.ask(path, {"Host": "localhost", **headers})
        assert answer.status == status
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_an_open_stream_carries_the_headers_too(home: House) -> None:
    async with home.listening(home.enter("heads")) as page:
        await live(page)
        assert page.head["cache-control"] == "no-store, private"
        assert "default-src 'self'" in page.head["content-security-policy"]
        assert page.head["x-content-type-options"] == "nosniff"
        assert page.head["x-frame-options"] == "DENY"
        assert page.head["referrer-policy"] == "same-origin"
        assert page.head["cross-origin-opener-policy"] == "same-origin"


async def test_a_stop_tells_200_open_streams_to_come_back(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        names = [home.enter(f"person{number}") for number in range(10)]
        async with AsyncExitStack() as stack:
            pages = [
                await stack.enter_async_context(home.listening(name))
                for name in names
                for _ in range(20)
            ]
            await until(lambda: all(page.of("refetch") for page in pages))
            await until(lambda: home.api.subscribers == 1)
            os.kill(home.dashboard.pid, signal.SIGTERM)
            await until(lambda: all(page.has_ended for page in pages))
            assert all(page.of("bye") == [{"reason": "stopping"}] for page in pages)
            assert all(500 <= page.retry < 1500 for page in pages)
        await until(lambda: home.api.subscribers == 0)
