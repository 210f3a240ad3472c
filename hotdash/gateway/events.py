"""Events: what happened, and what may start runs (contract 5.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hotdash.gateway import client, fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.exchange import Call
from hotdash.gateway.json_value import Json
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import identifier, path
from hotdash.gateway.runs import Run, shape_run
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class Event:
    """An event as the server tells it; `source` and `origin_run_id` are extensions.

    `source` is api, schedule, run (then `origin_run_id` sent it) or retry (then it failed).
    """

    event_id: UUID
    event_type: str
    event_data: Json | None
    event_time: datetime | None
    created_at: datetime | None
    env_id: UUID | None
    stream_id: UUID | None
    source: str | None
    origin_run_id: UUID | None


def list_events(
    gateway: Gateway, limit: int = 50, offset: int = 0, stream_id: UUID | None = None
) -> Page[Event]:
    """Return a page of events, newest first; `stream_id` only where the server filters by it."""
    wanted = str(stream_id) if stream_id else None
    return lists.fetch_page(gateway, path("events"), shape_event, limit, offset, stream_id=wanted)


def get_event(gateway: Gateway, event_id: UUID | str) -> Event:
    """Return one event; raises Refused(404) for one that is unknown here."""
    return shape_event(client.fetch(gateway, path("events", identifier(event_id))))


def list_event_runs(
    gateway: Gateway, event_id: UUID | str, limit: int = 50, offset: int = 0
) -> Page[Run]:
    """Return the runs that an event started; a retry belongs to an event of its own."""
    return lists.fetch_page(
        gateway, path("events", identifier(event_id), "runs"), shape_run, limit, offset
    )


def publish_event(
    gateway: Gateway, event_type: str, event_data: Any, stream_id: UUID | None = None
) -> Event:
    """Publish an event and return it as accepted; asking twice publishes twice."""
    body = {"event_type": event_type, "event_data": event_data}
    if stream_id:
        body["stream_id"] = str(stream_id)
    return shape_event(client.send(gateway, Call("POST", path("events"), json=body)).row)


def shape_event(row: Row) -> Event:
    """Return the event of a resource; raises BadAnswer("shape") without an id."""
    return Event(
        event_id=fields.own_id(row, "event_id"),
        event_type=fields.text(row, "event_type"),
        event_data=fields.payload(row, "event_data"),
        event_time=fields.moment(row, "event_time"),
        created_at=fields.moment(row, "created_at"),
        env_id=fields.uuid(row, "env_id"),
        stream_id=fields.uuid(row, "stream_id"),
        source=fields.maybe_text(row, "source"),
        origin_run_id=fields.uuid(row, "origin_run_id"),
    )
