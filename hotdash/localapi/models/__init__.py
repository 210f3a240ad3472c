"""The tables of the embedded API; every query of the engine's columns lives in runtime/queue."""

from hotdash.localapi.models.builds import Build, EventHandler, Firing, Schedule
from hotdash.localapi.models.context import ContextVariable
from hotdash.localapi.models.credentials import ApiKey, ServiceKey, Session
from hotdash.localapi.models.environments import Environment, Project
from hotdash.localapi.models.events import Event, Stream
from hotdash.localapi.models.notes import Note, StreamData
from hotdash.localapi.models.runs import Call, Run, Worker

__all__ = [
    "ApiKey",
    "Build",
    "Call",
    "ContextVariable",
    "Environment",
    "Event",
    "EventHandler",
    "Firing",
    "Note",
    "Project",
    "Run",
    "Schedule",
    "ServiceKey",
    "Session",
    "Stream",
    "StreamData",
    "Worker",
]
