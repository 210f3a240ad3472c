"""The list of events, and one event with what it set off."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import get_event
from hotdash.guard.needs import needs
from hotdash.guard.request import Request
from hotdash.kit.downloads import json_file
from hotdash.kit.failures import explain, explained
from hotdash.kit.formats import short_id
from hotdash.kit.listeners import read_listeners
from hotdash.kit.naming import names_from
from hotdash.kit.render import page
from hotdash.kit.run_row import rows_of as run_rows_of
from hotdash.kit.values import shown
from hotdash.live.listening import cursor, listen
from hotdash.live.topics import environment_topic
from hotdash.pages.events.listing import RUNS_READ, Asked, Listing, page_address, read_listing
from hotdash.pages.events.reading import MOST_LINES, Reading, read_event
from hotdash.pages.events.rows import outcomes_of, rows_of, type_in_words
from hotdash.pages.events.sources import SOURCES, is_reserved
from hotdash.pages.events.verdict import verdict

INDEX_PARTS = frozenset({"listing"})
SHOW_PARTS = frozenset({"set-off"})
LISTENERS_PARTS = frozenset({"listeners"})


@needs("events.view")
def index(request: Request) -> HttpResponse:
    """List the events of the current environment, newest first."""
    after = cursor(request.environment)
    asked = Asked.read(request.GET.dict())
    listing = read_listing(request.gateway, asked)
    events = listing.events.rows
    pager = listing.events.pager
    first = asked.first
    if not asked.offset and events:
        first = events[0].event_id
    context = {
        "asked": asked,
        "rows": rows_of(events, outcomes_of(listing.runs), datetime.now(UTC)),
        "newest_id": first or "",
        "live": listen(after, environment_topic(request.environment.pk)),
        "has_sources": any(event.source for event in events),
        "pager": pager,
        "has_moved_on": listing.events.has_moved_on,
        "newer": page_address(pager.newer_from, first) if pager.has_newer else None,
        "older": page_address(pager.older_from, first) if pager.has_older else None,
        "last_page": page_address(pager.last_from, asked.first),
        "remark": _remark(listing),
        "here": reverse("events:index", args=request.slugs),
    }
    return page(request, "events/index.html", context, parts=INDEX_PARTS)


@needs("events.view")
def show(request: Request, event_id: UUID) -> HttpResponse:
    """Show an event: what it carries, where it comes from, and the runs that it set off."""
    after = cursor(request.environment)
    now = datetime.now(UTC)
    reading = read_event(request.gateway, event_id)
    event = reading.event
    context = {
        "event": event,
        "type": type_in_words(event),
        "is_reserved": is_reserved(event.event_type),
        "source": SOURCES.get(event.source or "", event.source or ""),
        "verdict": verdict(reading),
        "value": shown(event.event_data, MOST_LINES),
        "live": listen(after, environment_topic(request.environment.pk))
        if reading.is_under_way(now)
        else None,
        **_runs(reading, now),
        "runs_address": reverse("runs:index", args=request.slugs),
    }
    return page(request, "events/show.html", context, parts=SHOW_PARTS)


@needs("events.view")
def listeners(request: Request, event_id: UUID) -> HttpResponse:
    """Say which functions listen for events of this type; loaded after the event's page."""
    event = get_event(request.gateway, event_id)
    found = read_listeners(request.gateway)
    context = {
        "event": event,
        "type": type_in_words(event),
        "listeners": found,
        "listening": found.of(event.event_type),
        "trouble": explained(found.trouble),
    }
    return page(request, "events/listeners.html", context, parts=LISTENERS_PARTS)


@needs("events.view")
def download(request: Request, event_id: UUID) -> StreamingHttpResponse:
    """Send the whole data of an event as a JSON file."""
    event = get_event(request.gateway, event_id)
    if event.event_data is None:
        raise Http404("The server sends no data of this event.")
    return json_file(event.event_data, f"event-{short_id(event.event_id)}.json")


def _remark(listing: Listing) -> str:
    """Return what the column of outcomes is made of."""
    if isinstance(listing.runs, GatewayError):
        return f"Outcomes are missing. {explain(listing.runs).sentence}"
    if len(listing.runs) < listing.runs.total:
        return f"Outcomes as the newest {min(RUNS_READ, len(listing.runs))} runs tell them"
    return ""


def _runs(reading: Reading, now: datetime) -> dict[str, object]:
    """Return the runs of an event with their later attempts, newest first."""
    if isinstance(reading.runs, GatewayError):
        return {"rows": [], "trouble": explain(reading.runs)}
    runs = sorted(
        (*reading.first_tries, *reading.retries), key=lambda run: run.run_id, reverse=True
    )
    names = names_from([reading.event], reading.handlers)
    return {
        "rows": run_rows_of(runs, names, now),
        "trouble": explained(reading.newest),
        "left_out": reading.runs.total - len(reading.runs),
        "searched": reading.searched,
    }
