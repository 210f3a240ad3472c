"""What the server says about itself, without a key (contract 5.14)."""

from dataclasses import dataclass
from datetime import datetime

from hotdash.gateway import client, fields
from hotdash.gateway.client import Call
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class Status:
    """A server's own account; `version` None on the older generation.

    `extensions` names what it adds to the contract; the platform sends none.
    """

    status: str
    version: str | None
    git_sha: str
    start_time: datetime | None
    extensions: frozenset[str]


def get_status(gateway: Gateway) -> Status:
    """Return the server's status; raises BadAnswer("not_hot") for a server that is no Hot API."""
    answer = client.send(gateway, Call("GET", "/status", is_prefixed=False, is_keyed=False))
    row = answer.fields
    if not fields.text(row, "status") or not fields.text(row, "service"):
        raise BadAnswer("not_hot", answer.status)
    named = row.get("extensions")
    return Status(
        status=fields.text(row, "status"),
        version=fields.maybe_text(row, "version"),
        git_sha=fields.text(row, "git_sha"),
        start_time=fields.moment(row, "start_time"),
        extensions=frozenset(filter(_is_text, named)) if isinstance(named, list) else frozenset(),
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)
