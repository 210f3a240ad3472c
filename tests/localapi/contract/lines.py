"""A line of the table: what a route is asked, what it needs, and what it then answers."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.localapi.contract.answers import Answer, Frames, Many
from tests.localapi.contract.notation import Shape
from tests.localapi.contract.things import Things

OPERATOR = "operator"
_CRUD = "create read update delete"
_ACTIONS = {  # contract 2.2; run:execute, file and domain are extensions
    **dict.fromkeys(("mcp", "webhook"), "execute"),
    **dict.fromkeys(("stream", "env"), "read"),
    **dict.fromkeys(("project", "context", "key", "file", "domain"), _CRUD),
    "event": "create read",
    "run": "read execute",
    "build": "create read execute",
    "session": "create read delete",
}
_FOR_ANY = ("/events", "/tasks/", "/streams/")
_HOLE = re.compile(r"\{(\w+)\}")
# holes that name an object of an environment; the others are text or numbers
_TEXT = {"key", "env_key", "path", "part_number"}


@dataclass(frozen=True)
class Line:
    """One route and method; `may` are the permissions without any of which it is refused."""

    method: str
    path: str
    may: str
    answer: Answer
    wants: Shape | None = None
    body: Any = None
    content: bytes | None = None
    upload: bool = False
    needs: tuple[str, ...] = ()
    beside: Mapping[str, list[str]] = field(default_factory=dict)
    is_extension: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def holes(self) -> list[str]:
        """The names in braces."""
        return _HOLE.findall(self.path)

    @property
    def objects(self) -> list[str]:
        """The holes that name objects."""
        return [hole for hole in self.holes if hole not in _TEXT]

    @property
    def is_list(self) -> bool:
        return isinstance(self.answer, Many)

    @property
    def is_stream(self) -> bool:
        return isinstance(self.answer, Frames)

    @property
    def is_operators(self) -> bool:
        return self.may == OPERATOR

    @property
    def is_for_any(self) -> bool:
        """Whether sessions and service keys are let in as well (contract 2.3)."""
        return self.path.startswith(_FOR_ANY) and not self.path.endswith("/cancel")

    @property
    def permissions(self) -> list[tuple[str, str]]:
        """Each permission that the route asks for: its type and its action."""
        asked = [part.strip() for part in self.may.split(",")] if not self.is_operators else []
        return [(part.split(":")[0], part.split()[1]) for part in asked]

    @property
    def least(self) -> dict[str, list[str]]:
        """The smallest map with which the route answers well."""
        held: dict[str, list[str]] = {}
        for kind, action in self.permissions:
            held.setdefault(f"{kind}:*", []).append(action)
        return held | {resource: list(actions) for resource, actions in self.beside.items()}

    def sent(self, things: Things) -> dict[str, Any]:
        """What goes with the request."""
        if self.upload:
            return things.upload()
        if self.body is not None:
            return {"json": things.filled(self.body)}
        return {} if self.content is None else {"content": self.content}


def everything_but(kind: str, action: str) -> dict[str, list[str]]:
    """Return the map that grants all but one action on one type."""
    held = {
        f"{known}:*": [each for each in actions.split() if (known, each) != (kind, action)]
        for known, actions in _ACTIONS.items()
    }
    return {resource: actions for resource, actions in held.items() if actions}


@contextmanager
def asked(client: httpx.Client, method: str, url: str, **sent: Any) -> Iterator[httpx.Response]:
    """Ask, and give the answer, read to its end unless it is a stream that began."""
    with client.stream(method, url, **sent) as answer:
        if answer.headers.get("Content-Type") != "text/event-stream":
            answer.read()
        yield answer
