"""The tables of the embedded API; what a run's lease is, runtime/queue says."""

from hotdash.localapi.models.blobs import Blob
from hotdash.localapi.models.builds import Build, EventHandler, Firing, Schedule
from hotdash.localapi.models.contents import Content
from hotdash.localapi.models.context import ContextVariable
from hotdash.localapi.models.counters import Chore, Counter
from hotdash.localapi.models.credentials import ApiKey, ServiceKey, Session
from hotdash.localapi.models.domains import Domain
from hotdash.localapi.models.environments import Environment, Project
from hotdash.localapi.models.events import Event, Stream
from hotdash.localapi.models.files import File, Part, Upload
from hotdash.localapi.models.notes import Note, StreamData
from hotdash.localapi.models.runs import Call, Run, Worker
from hotdash.localapi.models.sharing import SharedDirectory
from hotdash.localapi.models.tasks import Task

__all__ = [
    "ApiKey",
    "Blob",
    "Build",
    "Call",
    "Chore",
    "Content",
    "ContextVariable",
    "Counter",
    "Domain",
    "Environment",
    "Event",
    "EventHandler",
    "File",
    "Firing",
    "Note",
    "Part",
    "Project",
    "Run",
    "Schedule",
    "ServiceKey",
    "Session",
    "SharedDirectory",
    "Stream",
    "StreamData",
    "Task",
    "Upload",
    "Worker",
]
