"""What stands behind a replaying server: the transcript, and the recorded run so far.

The first event that is published is what the recorded run is of. It runs until the test says
`go_on`, once for each frame that the recording has: nothing waits for a clock.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import httpx

from tests.contract import replay
from tests.replaying import recording
from tests.samples import Wire

Generation = Literal["platform", "older"]
LATER = {"retry_attempt", "next_retry_at"}
_LAST = len(recording.OF_STREAM) - 1
_TARGETS = {"platform": replay.platform, "older": replay.older}


@dataclass
class Replayed:
    """One server: the transcript, and the recorded run as far as it has come."""

    generation: Generation
    port: int = 0
    event: Wire | None = None
    frames: list[recording.Frame] = field(default_factory=list)
    is_over: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, key

    def __post_init__(self) -> None:
        self.target = _TARGETS[self.generation]()
        self.changed = threading.Condition()

    @property
    def base_url(self) -> str:
        """What a person types."""
        return f"http://127.0.0.1:{self.port}"

    def publish(self, sent: Wire) -> Wire:
        """Take the event, and start its run."""
        with self.changed:
            self.event = recording.event_as_published(sent)
            self.changed.notify_all()
        return self.event

    def go_on(self) -> recording.Frame:
        """Let the next frame of the recording happen; the last one ends the run."""
        with self.changed:
            frame = recording.OF_STREAM[len(self.frames)]
            self.frames.append(frame)
            self.changed.notify_all()
        return frame

    @property
    def run(self) -> Wire | None:
        """The recorded run as it is now; None before it was set off."""
        if self.event is None:
            return None
        has_ended = len(self.frames) > _LAST
        run = recording.FINISHED if has_ended else recording.RUNNING
        is_older = self.generation == "older"
        return {key: value for key, value in run.items() if not (is_older and key in LATER)}

    def row(self, path: str) -> Wire | None:
        """One resource of the recorded run that the transcript does not have."""
        if self.run is None or self.event is None:
            return None
        rows = {
            f"/runs/{self.run['run_id']}": self.run,
            f"/events/{self.event['event_id']}": self.event,
        }
        return rows.get(path)

    def rows(self, path: str) -> list[Wire] | None:
        """A list in which the recorded run or its event comes first; None for every other list."""
        run, event = self.run, self.event
        if event is not None and path == f"/events/{event['event_id']}/runs":
            return [run] if run else []
        first = {"/runs": run, "/events": event}
        if path not in first:
            return None
        row = first[path]
        return ([row] if row else []) + self.transcribed(path)

    def transcribed(self, path: str) -> list[Wire]:
        """The rows that the transcript has for a list."""
        rows: list[Wire] = json.loads(self.answer("GET", path).content)["data"]
        return rows

    def answer(self, method: str, path: str) -> httpx.Response:
        """What the transcript has; an empty 404 where it has nothing."""
        url = f"{self.target.origin}{self.target.prefix}{path}"
        if path in {"/", "/status"}:
            url = f"{self.target.origin}{path}"
        asked = httpx.Request(method, url, headers={"authorization": f"Bearer {replay.KEY}"})
        answer = self.target.transport.handle_request(asked)
        answer.read()
        return answer

    def frames_for(self, path: str) -> Iterator[bytes] | None:
        """The subscription that a path names, to its end; None where this generation has none."""
        run = self.run
        if path.startswith("/streams/") and path.endswith("/subscribe"):
            return self._stream()
        if self.generation == "older":
            return None
        if path == "/env/subscribe":
            return self._environment()
        if run is not None and path == f"/runs/{run['run_id']}/subscribe":
            return self._updates()
        return None

    def _stream(self) -> Iterator[bytes]:
        """Pushed as it happens; of what was before, only the run's own start and end."""
        with self.changed:
            seen = len(self.frames)
        yield from (f.sent for f in self.frames[:seen] if f.event != "stream:data")
        while self._comes(seen):
            yield self.frames[seen].sent
            seen += 1

    def _environment(self) -> Iterator[bytes]:
        """Only the end of a run is ever pushed; the connection stays."""
        if self._comes(_LAST):
            yield recording.OF_ENVIRONMENT.sent
        self._comes(_LAST + 1)

    def _updates(self) -> Iterator[bytes]:
        """The run as it is, and once more when it is final."""
        yield recording.UPDATES[0].sent
        if self._comes(_LAST):
            yield recording.UPDATES[-1].sent

    def _comes(self, number: int) -> bool:
        """Whether the frame of this number happened; it is waited for until the server stops."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.frames) > number or self.is_over)
        return len(self.frames) > number
