"""Topics: what a page may listen to, named by hotdash's own environment id."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

Kind = Literal["env", "run", "stream"]

PERMISSIONS: dict[Kind, str] = {"env": "runs.view", "run": "runs.view", "stream": "runs.view"}


class BadTopic(ValueError):
    """The text names no topic; its own text says so to the person."""


@dataclass(frozen=True)
class Topic:
    """`env:<id>`, `run:<env>/<id>` or `stream:<env>/<id>`."""

    kind: Kind
    environment_id: UUID
    subject: UUID | None = None

    def __str__(self) -> str:
        place = f"{self.kind}:{self.environment_id}"
        return place if self.subject is None else f"{place}/{self.subject}"

    @property
    def permission(self) -> str:
        """What a role must have to listen."""
        return PERMISSIONS[self.kind]


def environment_topic(environment_id: UUID) -> str:
    """Return the topic of all that happens in an environment."""
    return str(Topic("env", environment_id))


def run_topic(environment_id: UUID, run_id: UUID) -> str:
    """Return the topic of one run: its status, and its trace where the server has one."""
    return str(Topic("run", environment_id, run_id))


def stream_topic(environment_id: UUID, stream_id: UUID) -> str:
    """Return the topic of one stream: what its runs send while they run."""
    return str(Topic("stream", environment_id, stream_id))


def parse_topic(text: str) -> Topic:
    """Return the topic; raise BadTopic for anything but one that is spelled as `str` spells it."""
    kind, _, place = text.partition(":")
    environment, _, subject = place.partition("/")
    try:
        # get_args, so that the kinds are written once
        chosen = next(known for known in get_args(Kind) if known == kind)
        topic = Topic(chosen, UUID(environment), UUID(subject) if subject else None)
    except (StopIteration, ValueError):
        raise BadTopic("This is no topic that a page listens to.") from None
    if str(topic) != text or (topic.subject is None) != (kind == "env"):
        raise BadTopic("This is no topic that a page listens to.")
    return topic
