"""On Postgres what is written first may be seen last: no revocation is missed for it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.page import until
from tests.live.pushing import live
from tests.live.sockets import house
from tests.postgres import postgres_server


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.mark.postgres
async def test_a_change_that_is_committed_after_a_later_one_ends_the_stream(
    postgres: str, tmp_path: Path
) -> None:
    with house(tmp_path, DATABASE_URL=postgres) as home:
        # a role locks its organization's members, so the later change is one of a key
        early, late = home.enter("early"), home.enter("late")
        home.tell("begin", early, "viewer")  # numbered first, and not to be seen yet
        async with home.listening(early) as page, home.listening(late) as other:
            await live(page)
            await live(other)
            await asyncio.to_thread(home.tell, "key", late, f"hot_{'8' * 40}")
            await until(lambda: other.has_ended)  # its number, the higher one, was looked at
            assert not page.has_ended
            await asyncio.to_thread(home.tell, "commit")
            await until(lambda: page.has_ended)
            assert page.of("bye") == [{"reason": "revoked"}]
