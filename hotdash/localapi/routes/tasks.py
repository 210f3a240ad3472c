"""Tasks: what runs started beside themselves (contract 5.7)."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import MaySome, require
from hotdash.localapi.credentials.principals import Principal
from hotdash.localapi.envelopes import Single, single
from hotdash.localapi.models import Task
from hotdash.localapi.schemas.tasks import TaskShape, task_shape
from hotdash.localapi.scope import tasks_of, the

router = Router(tags=["tasks"])


@router.get(
    "/tasks/{task_id}",
    auth=MaySome("stream", "read", for_any=True),
    response=Single[TaskShape],
)
def show(request: Request, task_id: UUID) -> HttpResponse:
    """Return a task; whoever may read its stream may."""
    return single(task_shape(readable(request.auth, task_id)))


def readable(principal: Principal, task_id: UUID) -> Task:
    """Return a task whose stream the credential may read; raise 404, then 403 (contract 2.3)."""
    task = the(tasks_of(principal), task_id, "Task")
    require(principal, f"stream:{task.stream_id}", "read")
    return task
