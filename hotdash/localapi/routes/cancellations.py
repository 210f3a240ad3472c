"""Cancelling what waits or runs: an extension, the platform offers it to Hot code alone."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Body, Router

from hotdash.localapi import engine
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import EXTENSION, Single, single
from hotdash.localapi.errors import Refused
from hotdash.localapi.schemas.cancellations import CancelBody
from hotdash.localapi.schemas.runs import RunShape, run_shape
from hotdash.localapi.schemas.tasks import TaskShape, task_shape
from hotdash.localapi.scope import runs_of, tasks_of, the

router = Router(tags=["runs"])
_MAY = May("run:*", "execute")


@router.post("/runs/{run_id}/cancel", auth=_MAY, response=Single[RunShape], openapi_extra=EXTENSION)
def run(request: Request, run_id: UUID, body: Body[CancelBody | None] = None) -> HttpResponse:
    """Cancel a run: at once if it waits; one that runs is ended within a second."""
    rows = runs_of(request.auth).select_related("project")
    found = the(rows, run_id, "Run")
    if not engine.cancel(found.run_id, _reason(body)):
        raise _over("run")
    return single(run_shape(the(rows, run_id, "Run")))


@router.post(
    "/tasks/{task_id}/cancel", auth=_MAY, response=Single[TaskShape], openapi_extra=EXTENSION
)
def task(request: Request, task_id: UUID, body: Body[CancelBody | None] = None) -> HttpResponse:
    """Cancel a task, whatever attempt it is at."""
    found = the(tasks_of(request.auth), task_id, "Task")
    if not engine.cancel_task(found.task_id, _reason(body)):
        raise _over("task")
    return single(task_shape(the(tasks_of(request.auth), task_id, "Task")))


def _reason(body: CancelBody | None) -> str | None:
    return body.reason if body else None


def _over(noun: str) -> Refused:
    return Refused(409, f"This {noun} is over, there is nothing to cancel.")
