"""Of those who listen one speaks, with their own key: when they go, another does."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from hotdash.live import revocations
from hotdash.live.aside import aside
from hotdash.live.hub import Hub
from hotdash.live.notes import Bye
from hotdash.live.of_environment import OfEnvironment
from tests import samples
from tests.live.page import Page, until
from tests.live.pushing import (
    ENVIRONMENT_ID,
    Pushing,
    key_of,
    listening,
    live,
    seat,
    visit,
)
from tests.upstream import FakeUpstream


@dataclass
class Pair:
    """Mia, who speaks, and Adam, who hears through her key."""

    mia: Page
    adam: Page
    _mias: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def mia_leaves(self) -> None:
        """Close her page."""
        await self._mias.aclose()


@pytest.fixture
async def pair(hub: Hub, pushing: Pushing) -> AsyncIterator[Pair]:
    """Two who hear through the key of the first."""
    async with AsyncExitStack() as mias, AsyncExitStack() as adams:
        mia = await mias.enter_async_context(listening(hub, "mia"))
        await live(mia)
        adam = await adams.enter_async_context(listening(hub, "adam"))
        await live(adam)
        await until(lambda: [each.key for each in pushing.open] == [key_of("mia")])
        yield Pair(mia, adam, mias)


async def test_when_the_speaker_leaves_anothers_key_is_used_and_theirs_never_again(
    pair: Pair, pushing: Pushing
) -> None:
    asked = len(pushing.asked)
    await pair.mia_leaves()
    await until(lambda: [each.key for each in pushing.open] == [key_of("adam")])
    await until(lambda: pair.adam.has_reconnected(1))
    run_id = samples.new_id()
    pushing.push("run:start", run_id=run_id)
    await until(lambda: pair.adam.nudges == [(run_id, "running")])
    pushing.cut()
    await until(lambda: pair.adam.has_reconnected(2))
    assert {key for _, key in pushing.asked[asked:]} == {key_of("adam")}


async def test_what_happens_while_the_key_changes_hands_is_found(
    pair: Pair, upstream: FakeUpstream
) -> None:
    unseen = samples.run("running")
    upstream.many("/runs", [unseen])
    await pair.mia_leaves()
    await until(lambda: pair.adam.nudges)
    assert pair.adam.nudges == [(unseen["run_id"], "running")]
    assert pair.adam.of("refetch") == [{}], "of joining alone: nothing of it was missed"


async def test_one_who_only_hears_may_leave_without_a_cut(
    hub: Hub, pair: Pair, pushing: Pushing
) -> None:
    async with listening(hub, "vera") as vera:
        await live(vera)
    [speaking] = pushing.open
    assert speaking.key == key_of("mia")
    pushing.push("run:start", run_id=samples.new_id())
    await until(lambda: pair.adam.nudges)
    assert pair.adam.mark["reconnects"] == 0


async def test_the_key_of_one_who_was_let_out_is_used_no_more_though_they_never_read_it(
    hub: Hub, pushing: Pushing
) -> None:
    stream = hub.stream(visit("mia"), None)
    await anext(stream)  # open, and then never read again
    [channel] = hub.guests
    await until(lambda: hub.watches(ENVIRONMENT_ID) and pushing.open)
    async with listening(hub, "adam") as adam:
        await live(adam)
        hub.say_bye(Bye("revoked"), [channel])
        await until(lambda: [each.key for each in pushing.open] == [key_of("adam")])
    await until(lambda: not pushing.open)
    assert list(hub.guests) == [channel], "its place is free when its browser has gone"
    await stream.aclose()
    assert hub.guests == {}


async def test_whoever_comes_after_a_mistake_of_ours_is_heard_beside_one_who_never_reads(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = hub.stream(visit("mia"), None)
    await anext(stream)
    await until(lambda: pushing.open)
    with monkeypatch.context() as bug:
        bug.setattr(OfEnvironment, "hear", lambda *_: 1 / 0)
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: not pushing.open)
    async with listening(hub, "adam") as adam:
        await live(adam)
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: adam.nudges)
    await stream.aclose()


@pytest.mark.parametrize("how", ["revoked", "refused"])
async def test_who_comes_back_after_a_change_of_their_rights_is_tried_anew(
    hub: Hub,
    pair: Pair,
    pushing: Pushing,
    upstream: FakeUpstream,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    if how == "revoked":
        await aside(revocations.revoke, "person:mia")
        await until(lambda: pair.mia.has_ended)
    else:
        hub.refuse(seat("mia").gateway)
        await until(lambda: pair.mia.mark["state"] == "refused")
    await until(lambda: pair.adam.has_reconnected(1))
    pushing.refuse(403, key=key_of("mia"))
    async with listening(hub, "mia") as again:
        await until(lambda: again.mark.get("state") == "refused")
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: pair.adam.nudges)
        assert again.nudges == []
