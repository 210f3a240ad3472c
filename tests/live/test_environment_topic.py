"""What an environment's frames and looks become: a nudge each, told once, oldest first."""

import pytest

from hotdash.gateway.subscriptions import Frame
from hotdash.live.hub import Hub
from hotdash.live.of_environment import NEWEST, OfEnvironment
from tests import samples
from tests.live.page import until
from tests.live.pushing import Pushing, listening, live
from tests.upstream import FakeUpstream

FRAMES = """
run:start       run_id     run     running
run:stop        run_id     run     succeeded
run:fail        run_id     run     -
run:cancel      run_id     run     cancelled
event:created   event_id   event   created
event:handled   event_id   event   handled
stream:created  stream_id  stream  created
task:started    task_id    task    running
task:complete   task_id    task    -
"""


@pytest.mark.parametrize("line", [line for line in FRAMES.split("\n") if line])
async def test_each_kind_of_frame_is_a_nudge_once(hub: Hub, pushing: Pushing, line: str) -> None:
    name, key, kind, status = line.split()
    subject = samples.new_id()
    async with listening(hub) as page:
        await live(page)
        for _ in range(2):
            pushing.push(name, **{key: subject})
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: len(page.nudges) >= 2)
    first, second = page.of("nudge")
    assert first == {"kind": kind, "id": subject, "status": status.strip("-")}
    assert second["kind"] == "run"


async def test_what_was_missed_is_told_the_oldest_first(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    runs, events = [samples.run() for _ in range(3)], [samples.event() for _ in range(3)]
    async with listening(hub) as page:
        await live(page)
        upstream.many("/runs", runs[::-1])
        upstream.many("/events", events[::-1])
        pushing.cut()
        await until(lambda: len(page.nudges) == 6)
    told = [subject for subject, _ in page.nudges]
    assert told == [run["run_id"] for run in runs] + [event["event_id"] for event in events]


def test_however_many_are_under_way_what_is_kept_of_them_is_bounded() -> None:
    source = OfEnvironment()
    for _ in range(NEWEST * 3):
        assert source.hear(Frame("run:start", {"run_id": samples.new_id()}, ""))
    assert len(source._unfinished) == NEWEST
