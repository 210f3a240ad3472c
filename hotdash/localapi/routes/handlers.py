"""Event handlers and schedules of the deployed build (contract 5.10)."""

from typing import Annotated
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from ninja import Query, Router, Schema

from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import Extension, Listing, Page, listing_of
from hotdash.localapi.models import EventHandler, Project, Schedule
from hotdash.localapi.schemas.builds import (
    EventHandlerShape,
    ScheduleShape,
    event_handler_shape,
    schedule_shape,
)
from hotdash.localapi.scope import project_of

router = Router(tags=["handlers and schedules"])


class OfBuild(Schema):
    """Which build's declarations are wanted: one by its id, which need not be deployed."""

    build_id: Annotated[UUID | None, Extension] = None

    def of(self, project: Project) -> Q:
        """Return the condition on what a build declares."""
        if self.build_id is not None:
            return Q(build__project=project, build_id=self.build_id)
        return Q(build__project=project, build__deployed=True, build__runtime_status="ready")


@router.get(
    "/projects/{project}/event-handlers",
    auth=May("build:*", "read"),
    response=Listing[EventHandlerShape],
)
def event_handlers(
    request: Request, project: str, page: Query[Page], chosen: Query[OfBuild]
) -> HttpResponse:
    """List what the deployed build runs for which events; nothing deployed, nothing listed."""
    rows = EventHandler.objects.filter(chosen.of(project_of(request.auth, project)))
    return listing_of(rows.order_by("event_type", "ns", "var", "pk"), page, event_handler_shape)


@router.get(
    "/projects/{project}/schedules", auth=May("build:*", "read"), response=Listing[ScheduleShape]
)
def schedules(
    request: Request, project: str, page: Query[Page], chosen: Query[OfBuild]
) -> HttpResponse:
    """List what the deployed build runs by the clock."""
    rows = Schedule.objects.filter(chosen.of(project_of(request.auth, project)))
    return listing_of(rows.order_by("cron", "ns", "var", "pk"), page, schedule_shape)
