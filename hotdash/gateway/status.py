"""What the server says about itself, without a key (contract 5.14)."""

from dataclasses import dataclass
from datetime import datetime

from hotdash.gateway import answers, client, deadline, exchange, fields, known, reading
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.exchange import Call
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class Status:
    """A server's own account; `version` None on the older generation.

    `extensions` names what it adds to the contract, `troubles` says in words what is misconfigured;
    the platform sends neither.
    """

    status: str
    version: str | None
    git_sha: str
    start_time: datetime | None
    extensions: frozenset[str]
    troubles: tuple[str, ...] = ()


def get_status(gateway: Gateway) -> Status:
    """Return the server's status; raises BadAnswer("not_hot") for a server that is no Hot API.

    What is known of the server is dropped when its version has changed.
    """
    with (
        deadline.within(client.TOTAL_SECONDS),
        exchange.answered(gateway, Call("GET", "/status", is_keyed=False), "") as response,
        reading.whole_body(response) as body,
    ):
        row = answers.judge(response, body).fields
    if not fields.text(row, "status") or not fields.text(row, "service"):
        raise BadAnswer("not_hot", response.status_code)
    named, troubles = row.get("extensions"), row.get("troubles")
    told = Status(
        status=fields.text(row, "status"),
        version=fields.maybe_text(row, "version"),
        git_sha=fields.text(row, "git_sha"),
        start_time=fields.moment(row, "start_time"),
        extensions=frozenset(map(str, named)) if isinstance(named, list) else frozenset(),
        troubles=tuple(map(str, troubles)) if isinstance(troubles, list) else (),
    )
    known.keep_status(
        gateway.upstream.origin, told.version, told.extensions, is_older=not told.version
    )
    return told
