"""The mark of a page: of all that it hears the worst is shown, and what was mended is summed."""

import json
from itertools import pairwise
from uuid import UUID

from hotdash.live.channel import Channel
from hotdash.live.notes import Bye, Mark
from hotdash.live.topics import Topic
from tests import samples
from tests.live.pushing import ENVIRONMENT, ENVIRONMENT_ID

STREAM = Topic("stream", ENVIRONMENT_ID, UUID(samples.STREAM_ID))


async def marks_of(*told: tuple[Topic, Mark]) -> list[dict[str, object]]:
    """What a page is shown of these marks."""
    channel = Channel(None)
    for topic, mark in told:
        channel.mark(topic, mark)
    channel.bye(Bye("stopping"))
    text = b"".join([chunk async for chunk in channel.chunks()]).decode()
    lines = iter(text.splitlines())
    return [
        json.loads(next(lines).removeprefix("data: ")) for line in lines if line == "event: mark"
    ]


async def test_of_two_topics_the_worse_is_shown() -> None:
    order = [Mark("live"), Mark("polling"), Mark("reconnecting"), Mark("refused")]
    for better, worse in pairwise(order):
        for first, second in ((better, worse), (worse, better)):
            shown = await marks_of((ENVIRONMENT, first), (STREAM, second))
            assert shown[-1]["state"] == worse.state


async def test_reconnects_and_misses_are_summed_and_the_longer_pause_is_shown() -> None:
    shown = await marks_of(
        (ENVIRONMENT, Mark("polling", reconnects=2, missed=1, seconds=5)),
        (STREAM, Mark("polling", reconnects=3, missed=4, seconds=2)),
    )
    assert shown[-1] == {"state": "polling", "reconnects": 5, "missed": 5, "seconds": 5}


async def test_what_is_shown_already_is_not_said_again() -> None:
    shown = await marks_of(
        (ENVIRONMENT, Mark("reconnecting")), (STREAM, Mark("live")), (STREAM, Mark("polling"))
    )
    assert [mark["state"] for mark in shown] == ["reconnecting"]
