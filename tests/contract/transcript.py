"""What a real server answered, read from transcript.json."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("transcript.json")


@dataclass(frozen=True)
class Exchange:
    """One call of the transcript; `json` is None where the body was text or empty."""

    name: str
    method: str
    path: str
    sent: Any
    status: int
    json: Any
    text: str
    content_type: str

    @property
    def code(self) -> str | None:
        """The envelope's error code, or None where there is no envelope."""
        error = self.json.get("error") if isinstance(self.json, dict) else None
        return error["code"] if error else None

    @property
    def body(self) -> bytes:
        """The body's bytes."""
        return self.text.encode() if self.json is None else json.dumps(self.json).encode()


def recorded() -> Iterator[Exchange]:
    """Yield the transcript in its order."""
    for call in json.loads(_FILE.read_text())["calls"]:
        response = call["response"]
        yield Exchange(
            call["name"],
            call["method"],
            call["path"],
            call.get("body"),
            response["status"],
            response.get("json"),
            response.get("text", ""),
            response.get("content_type", ""),
        )


BY_NAME = {exchange.name: exchange for exchange in recorded()}
