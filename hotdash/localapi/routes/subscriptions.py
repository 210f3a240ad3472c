"""Subscriptions: to a run, a stream, an environment (contract 6)."""

from dataclasses import replace
from math import inf
from uuid import UUID

from django.conf import settings
from django.http import StreamingHttpResponse
from ninja import Router

from hotdash.localapi import engine
from hotdash.localapi.aside import Awaited, aside
from hotdash.localapi.credentials import seats
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May, MaySome, require
from hotdash.localapi.credentials.principals import Principal
from hotdash.localapi.models import Run, Task
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.routes.events import accept
from hotdash.localapi.routes.tasks import readable
from hotdash.localapi.schemas.events import NewEventBody
from hotdash.localapi.scope import project_of, runs_of, streams_of, the
from hotdash.localapi.streams import feeds
from hotdash.localapi.streams.feeds import Cursor, StreamFeed, cursor_of
from hotdash.localapi.streams.sse import Pace, event_stream, frame

router = Router(tags=["subscriptions"])


@router.get("/runs/{run_id}/subscribe", auth=Awaited(May("run:*", "read")))
async def to_run(request: Request, run_id: UUID) -> StreamingHttpResponse:
    """Stream the run and its changes until it is over."""
    pace = _run_pace(_pace(request.auth))
    run, after = await aside(_run_and_place, request.auth, run_id)
    return event_stream(feeds.of_run(request.auth, run, after), pace)


@router.get("/tasks/{task_id}/subscribe", auth=Awaited(MaySome("stream", "read", for_any=True)))
async def to_task(request: Request, task_id: UUID) -> StreamingHttpResponse:
    """Stream the task and its changes until it is over."""
    pace = _run_pace(_pace(request.auth))
    task, after = await aside(_task_and_place, request.auth, task_id)
    return event_stream(feeds.of_task(request.auth, task, after), pace)


@router.get("/env/subscribe", auth=Awaited(May("env:*", "read")))
async def to_environment(request: Request) -> StreamingHttpResponse:
    """Stream what happens in the environment; nothing is replayed, and no word ends it."""
    pace = _pace(request.auth)
    cursor = await aside(cursor_of, request.headers.get("Last-Event-ID", ""))
    return event_stream(feeds.of_environment(request.auth, cursor), pace)


@router.api_operation(
    ["GET", "POST"],
    "/streams/{stream_id}/subscribe",
    auth=Awaited(May("stream:{stream_id}", "read", for_any=True)),
)
async def to_stream(
    request: Request, stream_id: UUID, project: str | None = None
) -> StreamingHttpResponse:
    """Stream the runs and the output of a stream; with a project, only its runs."""
    pace = _stream_pace(_pace(request.auth), stream_id)
    last_event_id = request.headers.get("Last-Event-ID", "")
    feed, first, after = await aside(_joined, request.auth, stream_id, project, last_event_id)
    return event_stream(feed.frames(first, after), pace)


@router.post(
    "/streams/subscribe-with-event", auth=Awaited(MaySome("event", "create", for_any=True))
)
async def with_event(
    request: Request, body: NewEventBody, project: str | None = None
) -> StreamingHttpResponse:
    """Publish an event and stream what becomes of it; sending it again publishes again."""
    pace = _pace(request.auth)  # who may have no stream more publishes nothing
    feed, first, after = await aside(_published, request, body, project)
    return event_stream(feed.frames(first, after), _stream_pace(pace, feed.stream_id))


def _run_and_place(key: Principal, run_id: UUID) -> tuple[Run, int]:
    after = engine.newest_note()  # read before the run: no change falls between
    return the(runs_of(key).select_related("project"), run_id, "Run"), after


def _task_and_place(key: Principal, task_id: UUID) -> tuple[Task, int]:
    after = engine.newest_note()  # as above
    return readable(key, task_id), after


def _joined(
    key: Principal, stream_id: UUID, project: str | None, last_event_id: str
) -> tuple[StreamFeed, list[bytes], int]:
    stream = the(streams_of(key), stream_id, "Stream")
    project_id = project_of(key, project).project_id if project is not None else None
    feed = StreamFeed(key, stream.stream_id, project_id)
    cursor = cursor_of(last_event_id)
    return feed, feed.replay(cursor), cursor.after


def _published(
    request: Request, body: NewEventBody, project: str | None
) -> tuple[StreamFeed, list[bytes], int]:
    """Check all that can be refused, then publish: the platform publishes first, a defect."""
    key = request.auth
    body.stream_id = body.stream_id or new_id()
    require(key, f"stream:{body.stream_id}", "read")
    project_id = project_of(key, project).project_id if project is not None else None
    after = engine.newest_note()
    event = accept(key, body, request.body).event
    told = {
        "event_id": event.event_id,
        "stream_id": event.stream_id,
        "event_type": event.event_type,
    }
    feed = StreamFeed(key, event.stream_id, project_id)
    opening = frame("event:published", told, after)
    return feed, [opening, *feed.replay(Cursor(after, replays=True))], after


def _pace(key: Principal) -> Pace:
    """Return the pace of a stream that ends soon after its credential; raise 429."""
    return Pace(ended=seats.take(key), limit=settings.STREAM_SECONDS or inf)


def _run_pace(pace: Pace) -> Pace:
    return replace(pace, comment=b": keepalive\n\n", limit=inf)


def _stream_pace(pace: Pace, stream_id: UUID) -> Pace:
    return replace(pace, at_limit=frame("stream:complete", {"stream_id": stream_id}))
