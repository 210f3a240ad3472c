"""Calls to a real server of the platform, to be asked of this one again.

A call names objects by the ids that the real server gave them. Whoever plays the calls in their
order learns from each answer which id of this server stands for which of theirs.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("transcript.json")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PAYLOADS = {"result", "event_data", "metadata", "permissions"}


@dataclass(frozen=True)
class Call:
    """One call, and what it was answered; `json` is None for text, bytes and nothing."""

    name: str
    method: str
    path: str
    body: Any
    form: Mapping[str, str] | None
    status: int
    headers: Mapping[str, str]
    json: Any

    def __str__(self) -> str:
        return self.name


def calls() -> list[Call]:
    """Return the calls in their order."""
    return [
        Call(
            name=one["name"],
            method=one["method"],
            path=one["path"],
            body=one.get("body"),
            form=one.get("form"),
            status=one["answer"]["status"],
            headers=one["answer"].get("headers", {}),
            json=one["answer"].get("json"),
        )
        for one in json.loads(_FILE.read_text())["calls"]
    ]


@dataclass
class Ids:
    """Which id of this server stands for which of the platform's."""

    known: dict[str, str] = field(default_factory=dict)

    def translated(self, value: Any) -> Any:
        """Return a path or a body with this server's ids."""
        written = _UUID.sub(lambda one: self.known.get(one[0], one[0]), json.dumps(value))
        return json.loads(written)

    def learn(self, theirs: Any, ours: Any) -> None:
        """Take the ids of two answers to the same call for the same things."""
        if isinstance(theirs, dict) and isinstance(ours, dict):
            for name in theirs.keys() & ours.keys():
                self.learn(theirs[name], ours[name])
        elif isinstance(theirs, list) and isinstance(ours, list):
            for one, other in zip(theirs, ours, strict=False):
                self.learn(one, other)
        elif isinstance(theirs, str) and isinstance(ours, str) and _UUID.fullmatch(theirs):
            self.known.setdefault(theirs, ours)


def differences(theirs: Any, ours: Any, beside: set[str], path: str = "") -> Iterator[str]:
    """Yield where two answers are not of one shape: keys, their order, kinds of values, null.

    `beside` are keys that this server sends and the platform does not. What people put into a
    payload is theirs.
    """
    if path.rpartition(".")[2] in _PAYLOADS:
        return
    if isinstance(theirs, dict) and isinstance(ours, dict):
        yield from _of_keys(list(theirs), list(ours), beside, path)
        for name in theirs.keys() & ours.keys():
            yield from differences(theirs[name], ours[name], beside, f"{path}.{name}")
    elif isinstance(theirs, list) and isinstance(ours, list):
        if bool(theirs) != bool(ours):
            yield f"{path}: {len(theirs)} rows became {len(ours)}"
        for one, other in zip(theirs, ours, strict=False):
            yield from differences(one, other, beside, f"{path}[]")
    elif type(theirs) is not type(ours):
        yield f"{path}: {theirs!r} became {ours!r}"


def _of_keys(theirs: list[str], ours: list[str], beside: set[str], path: str) -> Iterator[str]:
    if theirs != [name for name in ours if name in theirs]:
        yield f"{path}: {theirs} became {ours}"
    if more := set(ours) - set(theirs) - beside:
        yield f"{path}: {more} is nobody's"
