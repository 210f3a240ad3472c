"""Events on the wire (contract 5.5; extensions: docs/embedded-api.md)."""

from datetime import datetime
from typing import Annotated, Any, NotRequired
from uuid import UUID

from django.db.models import QuerySet
from ninja import Field, Schema
from typing_extensions import TypedDict

from hotdash.localapi.blobs import whole
from hotdash.localapi.bodies import Text
from hotdash.localapi.envelopes import OMIT, Extension, sent, stored
from hotdash.localapi.models import Event
from hotdash.localapi.totals import totals


class EventShape(TypedDict):
    """An event; `origin_run_id` is its sender, or the failed run that it retries."""

    event_id: UUID
    env_id: UUID
    stream_id: UUID
    event_type: str
    event_data: Any
    event_time: datetime
    created_at: datetime
    source: Annotated[str, Extension]
    origin_run_id: NotRequired[Annotated[UUID, Extension]]


class NewEventBody(Schema):
    """An event to be published; an unknown `stream_id` becomes a new stream."""

    event_type: Annotated[Text, Field(max_length=1024)]
    event_data: Any = Field(...)
    stream_id: UUID | None = None


class EventFilters(Schema):
    """Which events are wanted; the platform offers all of them."""

    stream_id: Annotated[UUID | None, Extension] = None

    def of(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Return the events that pass."""
        return events.filter(stream_id=self.stream_id) if self.stream_id else events

    def count(self, passed: QuerySet[Event], environment_id: UUID) -> int:
        """Return how many pass: told by the counters, unless a stream is named."""
        return passed.count() if self.stream_id else totals(environment_id, "event").get("", 0)


def event_shape(event: Event) -> EventShape:
    """Return an event as it is sent; its payload is the text that was published."""
    shape: EventShape = {
        "event_id": event.event_id,
        "env_id": event.environment_id,
        "stream_id": event.stream_id,
        "event_type": event.event_type,
        "event_data": stored(whole(event.event_data, event.event_id)),
        "event_time": event.event_time,
        "created_at": event.created_at,
        "source": event.source,
        "origin_run_id": OMIT if event.origin_run_id is None else event.origin_run_id,
    }
    return sent(shape)
