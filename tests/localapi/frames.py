"""Reading a stream of server-sent events, frame by frame."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Frame:
    """One event as a client sees it."""

    id: str | None
    event: str
    data: dict[str, Any]


class Reader:
    """An open stream: gives frames as they come, keeps the comments between them."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.comments: list[str] = []
        self._lines = answer.iter_lines()

    def next(self) -> Frame | None:
        """Return the next frame; None when the stream has ended."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":"):
                self.comments.append(line)
            elif line:
                name, _, value = line.partition(": ")
                assert name not in fields, f"two fields {name} in a frame"
                fields[name] = value
            elif fields:
                data = json.loads(fields["data"])
                assert next(iter(data)) == "type"
                assert data["type"] == fields["event"]
                return Frame(fields.get("id"), fields["event"], data)
        return None

    def take(self, count: int) -> list[Frame]:
        """Return as many frames as named; fail if the stream ends before."""
        frames = [self.next() for _ in range(count)]
        assert None not in frames
        return [frame for frame in frames if frame is not None]

    def rest(self) -> list[Frame]:
        """Return every frame up to the end of the stream."""
        return list(iter(self.next, None))


@contextmanager
def subscribed(
    client: httpx.Client,
    path: str,
    *,
    method: str = "GET",
    after: str | None = None,
    body: Any = None,
    seconds: float = 14,  # less than the silence after which there is a comment
) -> Iterator[Reader]:
    """Open a stream that must not be silent for longer than that."""
    headers = {} if after is None else {"Last-Event-ID": after}
    with client.stream(method, path, headers=headers, json=body, timeout=seconds) as answer:
        if answer.status_code != 200:
            answer.read()
        assert answer.status_code == 200, answer.text
        yield Reader(answer)
