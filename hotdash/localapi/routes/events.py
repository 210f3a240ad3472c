"""Events: what happened, and the runs that it started (contract 5.5)."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from hotdash.localapi import engine
from hotdash.localapi.bodies import text_of
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May, MaySome, require
from hotdash.localapi.credentials.principals import Principal
from hotdash.localapi.envelopes import Listing, Page, Single, single
from hotdash.localapi.errors import Refused, not_found
from hotdash.localapi.payloads import EVENT_DATA, RESULT, payload_listing
from hotdash.localapi.schemas.events import EventFilters, EventShape, NewEventBody, event_shape
from hotdash.localapi.schemas.runs import RunShape, run_shape
from hotdash.localapi.scope import environment_of, events_of, runs_of, the

router = Router(tags=["events"])
_RESERVED = "hot:"
_CALL = "hot:call"
_READ = May("event:*", "read", for_any=True)


@router.post(
    "/events", auth=MaySome("event", "create", for_any=True), response={201: Single[EventShape]}
)
def publish(request: Request, body: NewEventBody) -> HttpResponse:
    """Accept an event and the runs that it starts, in one transaction; not idempotent."""
    accepted = accept(request.auth, body, request.body)
    return single(event_shape(accepted.event), 201)


@router.get("/events", auth=_READ, response=Listing[EventShape])
def index(request: Request, page: Query[Page], filters: Query[EventFilters]) -> HttpResponseBase:
    """List the environment's events, or those of one stream, newest first."""
    rows = filters.of(events_of(request.auth))
    total = filters.count(rows, environment_of(request.auth).env_id)
    return payload_listing(rows.order_by("-event_id"), page, total, event_shape, EVENT_DATA)


@router.get("/events/{event_id}", auth=_READ, response=Single[EventShape])
def show(request: Request, event_id: UUID) -> HttpResponse:
    """Return an event."""
    return single(event_shape(the(events_of(request.auth), event_id, "Event")))


@router.get("/events/{event_id}/runs", auth=_READ, response=Listing[RunShape])
def runs(request: Request, event_id: UUID, page: Query[Page]) -> HttpResponseBase:
    """List the runs that the event started; its retries have events of their own."""
    event = the(events_of(request.auth), event_id, "Event")
    rows = runs_of(request.auth).filter(event=event).select_related("project")
    return payload_listing(rows.order_by("-run_id"), page, rows.count(), run_shape, RESULT)


def accept(key: Principal, body: NewEventBody, raw: bytes) -> engine.Accepted:
    """Have the engine accept what a client publishes; raise 400, 403 or 404 in words."""
    if body.event_type.startswith(_RESERVED) and body.event_type != _CALL:
        raise Refused(403, "Event types that begin with hot: are reserved, hot:call excepted.")
    require(key, f"event:{body.event_type}", "create")
    try:
        return engine.accept(
            engine.NewEvent(
                environment_id=environment_of(key).env_id,
                event_type=body.event_type,
                event_data=text_of(raw, "event_data"),
                stream_id=body.stream_id,
            )
        )
    except engine.ForeignStream:
        raise not_found("Stream") from None
    except engine.BadCall as error:
        raise Refused(400, str(error)) from None
