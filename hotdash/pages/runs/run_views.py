"""The page of one run: its tabs, where it comes from, and its result as a download."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import get_event
from hotdash.gateway.runs import get_run
from hotdash.gateway.traces import Trace
from hotdash.guard.needs import needs
from hotdash.guard.request import Request
from hotdash.kit.downloads import json_file
from hotdash.kit.failures import explained
from hotdash.kit.formats import short_id
from hotdash.kit.render import asked_part, page
from hotdash.kit.values import shown
from hotdash.live.listening import cursor, listen
from hotdash.pages.runs.run_family import read_family
from hotdash.pages.runs.run_frame import frame_of, trace_panel
from hotdash.pages.runs.run_lineage import lineage_of
from hotdash.pages.runs.run_live import topics_of
from hotdash.pages.runs.run_output import output_of
from hotdash.pages.runs.run_raw import raw_text
from hotdash.pages.runs.run_reading import Asked, Reading, read_run
from hotdash.pages.runs.run_tabs import tabs_of

MOST_LINES = 1_200  # of a tree that has its tab to itself
PARTS = frozenset({"details"})
TRACE_PARTS = frozenset({"details", "call", "more"})


@needs("runs.view")
def show(request: Request, run_id: UUID) -> HttpResponse:
    """Show a run and its trace; on a server that records no calls, its result."""
    after = cursor(request.environment)
    asked = Asked.read(request.GET)
    is_whole = asked_part(request) not in {"call", "more"}
    reading = read_run(request.gateway, run_id, asked, with_output=is_whole)
    panel = trace_panel(reading, asked)
    result = shown(reading.run.result, MOST_LINES) if panel is None else None
    output = output_of(reading.output)
    context = _context(request, reading, "trace", after, panel=panel, value=result, output=output)
    context["says"] = not reading.run.is_final or output.state in {"kept", "trouble"}
    return page(request, "runs/show.html", context, parts=TRACE_PARTS)


@needs("runs.view")
def input(request: Request, run_id: UUID) -> HttpResponse:
    """Show what the run was given: the data of its event."""
    after = cursor(request.environment)
    reading = read_run(request.gateway, run_id, Asked())
    event = reading.event
    trouble = explained(event)
    data = None if event is None or isinstance(event, GatewayError) else event.event_data
    context = _context(
        request, reading, "input", after, value=shown(data, MOST_LINES), trouble=trouble
    )
    return page(request, "runs/show_input.html", context, parts=PARTS)


@needs("runs.view")
def result(request: Request, run_id: UUID) -> HttpResponse:
    """Show what the run returned, or the failure or cancellation that it ended with."""
    after = cursor(request.environment)
    reading = read_run(request.gateway, run_id, Asked())
    context = _context(
        request, reading, "result", after, value=shown(reading.run.result, MOST_LINES)
    )
    return page(request, "runs/show_result.html", context, parts=PARTS)


@needs("runs.view")
def raw(request: Request, run_id: UUID) -> HttpResponse:
    """Show the run as JSON text, as the server sent it."""
    after = cursor(request.environment)
    reading = read_run(request.gateway, run_id, Asked())
    context = _context(request, reading, "raw", after, raw=raw_text(reading.run.sent))
    return page(request, "runs/show_raw.html", context, parts=PARTS)


@needs("runs.view")
def variables(request: Request, run_id: UUID) -> HttpResponse:
    """Show the plain variables of a run, where the server sends any."""
    after = cursor(request.environment)
    reading = read_run(request.gateway, run_id, Asked())
    trace = reading.trace
    sent = trace.variables if isinstance(trace, Trace) else ()
    lines = max(1, MOST_LINES // max(1, len(sent)))
    context = _context(
        request,
        reading,
        "variables",
        after,
        variables=[(variable, shown(variable.value, lines)) for variable in sent],
        trouble=explained(trace),
    )
    return page(request, "runs/show_variables.html", context, parts=PARTS)


@needs("runs.view")
def lineage(request: Request, run_id: UUID) -> HttpResponse:
    """Show where a run comes from and what it set off; loaded after the run's page."""
    family = read_family(request.gateway, run_id)
    trouble = explained(family.trouble)
    context = {"run": family.run, "lineage": lineage_of(family), "trouble": trouble}
    return page(request, "runs/show_lineage.html", context, parts={"lineage"})


@needs("runs.view")
def result_download(request: Request, run_id: UUID) -> StreamingHttpResponse:
    """Send the whole result as a JSON file."""
    run = get_run(request.gateway, run_id)
    if run.result is None:
        raise Http404("This run has no result yet.")
    return json_file(run.result, f"run-{short_id(run.run_id)}-result.json")


@needs("runs.view")
def input_download(request: Request, run_id: UUID) -> StreamingHttpResponse:
    """Send the whole data of the run's event as a JSON file."""
    run = get_run(request.gateway, run_id)
    data = get_event(request.gateway, run.event_id).event_data if run.event_id else None
    if data is None:
        raise Http404("This run was given no data.")
    return json_file(data, f"run-{short_id(run.run_id)}-input.json")


def _context(
    request: Request, reading: Reading, tab: str, after: str, **content: Any
) -> dict[str, Any]:
    topics = topics_of(reading.run, request.environment.pk)
    live = listen(after, *topics) if topics else None
    frame = frame_of(reading)
    tabs = tuple(tabs_of(frame, tab))
    return {"run": reading.run, "frame": frame, "tabs": tabs, "live": live, **content}
