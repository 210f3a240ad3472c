"""Whoever joins a topic has opened it with their own key: this person, this key, this topic."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from hotdash.gateway.secret import Secret
from hotdash.live import joins
from hotdash.live.admission import Seat
from hotdash.live.hub import Hub
from hotdash.live.joins import Joins
from hotdash.live.sources import source_of
from hotdash.live.topics import Topic
from tests import samples
from tests.live.page import until
from tests.live.pushing import ENVIRONMENT_ID, Pushing, key_of, listening, seat
from tests.upstream import FakeUpstream

STREAM = Topic("stream", ENVIRONMENT_ID, UUID(samples.STREAM_ID))
MIA = seat("mia")
OTHERS = {
    "person": replace(MIA, gateway=replace(MIA.gateway, person_id="vera")),
    "key": replace(MIA, gateway=replace(MIA.gateway, key=Secret("hot_" + "9" * 40))),
    "topic": replace(MIA, topic=STREAM),
}


async def try_seat(tried: Joins, at: Seat) -> None:
    await tried.try_door(at.gateway, at.topic, source_of(at.topic, at.place))


@pytest.mark.parametrize("other", OTHERS)
async def test_an_acceptance_is_this_persons_keys_and_topics_alone(
    pushing: Pushing, other: str
) -> None:
    tried = Joins()
    for _ in range(2):
        await try_seat(tried, MIA)
    assert len(pushing.asked) == 1
    await try_seat(tried, OTHERS[other])
    assert len(pushing.asked) == 2


async def test_it_is_believed_for_ten_minutes_and_then_forgotten(
    pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert joins.KEPT_SECONDS == 600
    monkeypatch.setattr(joins, "KEPT_SECONDS", 0.0)
    tried = Joins()
    for number in range(3):
        await try_seat(tried, seat(f"person{number}"))
    await try_seat(tried, seat("person0"))
    assert len(pushing.asked) == 4
    assert len(tried._until) == 1


async def test_of_an_environment_eight_are_tried_at_a_time(hub: Hub, pushing: Pushing) -> None:
    pushing.silent_to = frozenset(key_of(f"p{number}") for number in range(20))
    tried = Joins()
    waiting = [asyncio.create_task(try_seat(tried, seat(f"p{n}"))) for n in range(20)]
    await until(lambda: len(pushing.asked) >= joins.AT_ONCE)
    elsewhere = Topic("env", UUID("01a204f9-0000-7000-9000-000000000002"))
    await try_seat(tried, seat("mia", elsewhere))
    assert len(pushing.asked) == joins.AT_ONCE + 1
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_where_the_server_does_not_push_the_key_must_open_what_is_looked_at(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    pushing.refuse(404, path="/env/subscribe")
    upstream.refuse("/runs", 401)
    async with listening(hub, "vera") as page:
        await until(lambda: page.mark.get("state") == "refused")
        assert page.of("refetch") == []


async def test_a_stream_that_the_server_does_not_push_cannot_be_heard(
    hub: Hub, pushing: Pushing
) -> None:
    pushing.refuse(404)
    async with listening(hub, "mia", STREAM) as page:
        await until(lambda: page.mark.get("state") == "refused")
        assert not hub.watches(ENVIRONMENT_ID)
