"""What a real server of the platform sent on its three kinds of subscription while one run ran.

Read from sse.txt: bytes as received, the keep-alive comments left out.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.samples import Wire

_FILE = Path(__file__).with_name("sse.txt")


@dataclass(frozen=True)
class Frame:
    """One frame of the recording."""

    event: str
    data: str

    @property
    def body(self) -> Wire:
        """What the frame carries."""
        body: Wire = json.loads(self.data)
        return body

    @property
    def sent(self) -> bytes:
        """The frame's bytes, as they were received."""
        return f"event: {self.event}\ndata: {self.data}\n\n".encode()


def _frames(under: str) -> list[Frame]:
    """The frames below the heading that contains the words."""
    sections = _FILE.read_text().split("=== ")
    (section,) = (text for text in sections if under in text.partition("\n")[0])
    blocks = [block.split("\n") for block in section.split("\n\n") if "event: " in block]
    return [
        Frame(lines[-2].removeprefix("event: "), lines[-1].removeprefix("data: "))
        for lines in blocks
    ]


_published, *OF_STREAM = _frames("subscribe-with-event")
UPDATES = _frames("/runs/{run_id}/subscribe")
(OF_ENVIRONMENT,) = _frames("/env/subscribe")
PUBLISHED: Wire = _published.body
RUNNING: Wire = UPDATES[0].body["run"]
FINISHED: Wire = UPDATES[-1].body["run"]


def event_as_published(sent: Any) -> Wire:
    """The event that the recorded run is of, as a server lists it."""
    return {
        "event_id": PUBLISHED["event_id"],
        "env_id": RUNNING["env_id"],
        "stream_id": PUBLISHED["stream_id"],
        "event_type": sent["event_type"],
        "event_data": sent["event_data"],
        "event_time": RUNNING["start_time"],
        "created_at": RUNNING["start_time"],
    }
