"""What a run streamed, as far as the server still keeps it (an extension)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotdash.gateway import fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.json_value import Json
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import identifier, path
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class StreamData:
    """One piece of output."""

    stream_data_id: UUID
    run_id: UUID | None
    data_type: str
    payload: Json | None
    at: datetime | None


def list_stream_data(
    gateway: Gateway, run_id: UUID | str, limit: int = 100, offset: int = 0
) -> Page[StreamData]:
    """Return a page of a run's output, oldest first; raises RouteMissing where none is kept."""
    data_path = path("runs", identifier(run_id), "stream-data")
    return lists.fetch_page(gateway, data_path, shape_stream_data, limit, offset)


def shape_stream_data(row: Row) -> StreamData:
    """Return the piece of a resource or of a frame; raises BadAnswer("shape") without an id."""
    return StreamData(
        stream_data_id=fields.own_id(row, "stream_data_id"),
        run_id=fields.uuid(row, "run_id"),
        data_type=fields.text(row, "data_type"),
        payload=fields.payload(row, "payload"),
        at=fields.moment(row, "created_at"),
    )
