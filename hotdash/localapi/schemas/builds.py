"""Builds, event handlers and schedules on the wire (contract 5.2, 5.3, 5.10)."""

from datetime import datetime
from typing import NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from hotdash.localapi.envelopes import OMIT, sent
from hotdash.localapi.models import Build, EventHandler, Schedule

_BACKEND = "local"


class BuildShape(TypedDict):
    """A build; `project_name` is sent by the environment's list alone."""

    build_id: UUID
    project_id: UUID
    project_name: NotRequired[str]
    hash: str
    size: int
    build_type: str
    deployed: bool
    active: bool
    runtime_status: str
    runtime_error: NotRequired[str]
    deployment_sequence: int
    created_at: datetime
    updated_at: datetime
    storage_path: NotRequired[str]
    storage_backend: NotRequired[str]


class BuildUploadShape(TypedDict):
    """What an upload left on the server."""

    build_id: UUID
    project_id: UUID
    hash: str
    size: int
    storage_path: str
    storage_backend: str
    created_at: datetime


class EventHandlerShape(TypedDict):
    """A function that runs for each event of its type."""

    event_handler_id: UUID
    build_id: UUID
    event_type: str
    ns: str
    var: str


class ScheduleShape(TypedDict):
    """A function that runs when its cron text is due."""

    schedule_id: UUID
    build_id: UUID
    cron: str
    ns: str
    var: str


def build_shape(build: Build, project_name: str | None = None) -> BuildShape:
    """Return a build as it is sent."""
    shape: BuildShape = {
        "build_id": build.build_id,
        "project_id": build.project_id,
        "project_name": OMIT if project_name is None else project_name,
        "hash": build.hash,
        "size": build.size,
        "build_type": build.build_type,
        "deployed": build.deployed,
        "active": build.active,
        "runtime_status": build.runtime_status,
        "runtime_error": OMIT if build.runtime_error is None else build.runtime_error,
        "deployment_sequence": build.deployment_sequence,
        "created_at": build.created_at,
        "updated_at": build.updated_at,
        "storage_path": build.storage_path,
        "storage_backend": _BACKEND,
    }
    return sent(shape)


def build_with_project_shape(build: Build) -> BuildShape:
    """Return a build with its project's name, which must be loaded with it."""
    return build_shape(build, build.project.name)


def upload_shape(build: Build) -> BuildUploadShape:
    """Return an upload's answer."""
    return {
        "build_id": build.build_id,
        "project_id": build.project_id,
        "hash": build.hash,
        "size": build.size,
        "storage_path": build.storage_path,
        "storage_backend": _BACKEND,
        "created_at": build.created_at,
    }


def event_handler_shape(handler: EventHandler) -> EventHandlerShape:
    """Return an event handler as it is sent."""
    return {
        "event_handler_id": handler.event_handler_id,
        "build_id": handler.build_id,
        "event_type": handler.event_type,
        "ns": handler.ns,
        "var": handler.var,
    }


def schedule_shape(schedule: Schedule) -> ScheduleShape:
    """Return a schedule as it is sent."""
    return {
        "schedule_id": schedule.schedule_id,
        "build_id": schedule.build_id,
        "cron": schedule.cron,
        "ns": schedule.ns,
        "var": schedule.var,
    }
