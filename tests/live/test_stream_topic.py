"""What a stream's runs send arrives as HTML, once each, whatever it holds."""

from uuid import UUID

import pytest

from hotdash.gateway.stream_data import StreamData
from hotdash.live.hub import Hub
from hotdash.live.renderers import Piece, Place, register
from hotdash.live.topics import Topic
from tests import samples
from tests.live.page import until
from tests.live.pushing import ENVIRONMENT_ID, Pushing, listening, live
from tests.samples import Wire

TOPIC = Topic("stream", ENVIRONMENT_ID, UUID(samples.STREAM_ID))


def data(payload: object = "piece", **changes: object) -> Wire:
    return {
        "stream_data_id": samples.new_id(),
        "run_id": samples.new_id(),
        "data_type": "text",
        "payload": payload,
        **changes,
    }


@pytest.fixture(autouse=True)
def _shown() -> None:
    def render(_: Place, item: StreamData) -> list[Piece]:
        return [Piece(f"output-{item.run_id}", str(item.payload.value if item.payload else ""))]

    register("stream:data", render)


async def test_every_piece_arrives_once_and_in_order(hub: Hub, pushing: Pushing) -> None:
    pieces = [data(f"piece {number}") for number in range(5)]
    async with listening(hub, "mia", TOPIC) as page:
        await live(page)
        for piece in [*pieces, *pieces[2:]]:  # a reconnect replays
            pushing.push("stream:data", **piece)
        pushing.push("run:start", run=samples.run("running"))
        await until(lambda: page.nudges)
    assert [body["html"] for body in page.of("append")] == [piece["payload"] for piece in pieces]
    assert page.of("append")[0]["target"] == f"output-{pieces[0]['run_id']}"


async def test_a_limit_of_time_is_no_end(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub, "mia", TOPIC) as page:
        await live(page)
        pushing.push("stream:data", **data("before"))
        pushing.push("stream:complete", stream_id=samples.STREAM_ID)
        pushing.cut()
        await until(lambda: page.mark["reconnects"] == 1 and pushing.open)
        pushing.push("stream:data", **data("after"))
        await until(lambda: len(page.of("append")) == 2)
        assert not page.has_ended


async def test_a_change_of_a_task_is_a_nudge(hub: Hub, pushing: Pushing) -> None:
    task_id = samples.new_id()
    async with listening(hub, "mia", TOPIC) as page:
        await live(page)
        pushing.push("task:update", task={"task_id": task_id, "status": "running"})
        await until(lambda: page.nudges)
    assert page.of("nudge") == [{"kind": "task", "id": task_id, "status": "running"}]


async def test_runs_are_judged_by_their_status_and_not_by_the_frames_name(
    hub: Hub, pushing: Pushing
) -> None:
    parked = samples.run("pending_retry")
    async with listening(hub, "mia", TOPIC) as page:
        await live(page)
        pushing.push("run:stop", run=parked)
        pushing.push("run:start", run=parked)
        retry = samples.run("succeeded", origin_run_id=parked["run_id"])
        pushing.push("run:start", run=retry)
        pushing.push("run:stop", run=retry)
        await until(lambda: len(page.nudges) == 2)
    assert page.nudges == [
        (parked["run_id"], "pending_retry"),
        (retry["run_id"], "succeeded"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x\n\nevent: bye\ndata: y",
        "x\r\rid: 7\r\rretry: 1",
        "a\r\nb\u2028c\u2029d\x85e\x00f\ud83d\ude00".encode("utf-16", "surrogatepass").decode(
            "utf-16"
        ),
        '<script>alert("1")</script>',
    ],
    ids=["frame", "carriage returns", "separators", "markup"],
)
async def test_no_payload_forges_a_frame(hub: Hub, pushing: Pushing, text: str) -> None:
    async with listening(hub, "mia", TOPIC) as page:
        await live(page)
        before = len(page.frames)
        pushing.push("stream:data", **data(text))
        pushing.push("run:start", run=samples.run("running"))
        await until(lambda: page.nudges)
    assert [name for name, _ in page.frames[before:]] == ["append", "nudge"]
    assert page.of("append")[0]["html"] == text
