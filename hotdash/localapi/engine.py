"""What the API may ask of the engine; it imports nothing else of it (contract 5.3, 5.5, 5.6)."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from hotdash.localapi.models import Build, Project, Schedule
from hotdash.localapi.runtime import queue, tasks
from hotdash.localapi.runtime.acceptance import Accepted, ForeignStream, NewEvent, accept
from hotdash.localapi.runtime.calls import BadCall
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.notes import Note, newest_note
from hotdash.localapi.streams.notify import FellBehind, watch

__all__ = [
    "Accepted",
    "BadCall",
    "FellBehind",
    "ForeignStream",
    "NewEvent",
    "Note",
    "accept",
    "cancel",
    "cancel_task",
    "deploy",
    "newest_note",
    "undeploy",
    "watch",
]


def deploy(build: Build) -> None:
    """Ask for a build to become the one that runs; a worker loads it and says how that went.

    The passed build is updated. Other builds that wait for the same are superseded; the deployed
    one stays until this one is ready, unless it is this one (contract 5.3).
    """
    with transaction.atomic():
        Project.objects.filter(pk=build.project_id).update(
            deployment_sequence=F("deployment_sequence") + 1
        )
        project = Project.objects.get(pk=build.project_id)
        now = database_now()
        Build.objects.filter(
            project=project, runtime_status__in=["pending", "loading"], claim_at__isnull=False
        ).exclude(pk=build.pk).update(
            runtime_status="superseded",
            runtime_error="A newer deployment took its place.",
            claim_at=None,
            updated_at=now,
        )
        build.deployed = False
        build.runtime_status = "pending"
        build.runtime_error = None
        build.deployment_sequence = project.deployment_sequence
        build.claim_at = now
        build.save()


def undeploy(project: Project) -> None:
    """See to it that no build of the project runs or waits to, and no schedule of it is due."""
    builds = Build.objects.filter(project=project)
    now = database_now()
    with transaction.atomic():
        # these first: what a worker is just activating is waited for, and then undeployed too
        builds.filter(claim_at__isnull=False).update(
            runtime_status="superseded",
            runtime_error="The project was deactivated.",
            claim_at=None,
            updated_at=now,
        )
        builds.filter(deployed=True).update(deployed=False, updated_at=now)
        Schedule.objects.filter(build__project=project).update(next_at=None)


def cancel(run_id: UUID, reason: str | None = None) -> bool:
    """Stop a run, at once if it waits, soon if it runs; False: it was already over."""
    return queue.cancel(run_id, reason)


def cancel_task(task_id: UUID, reason: str | None = None) -> bool:
    """Cancel a task, whatever attempt it is at; False: it was over."""
    return tasks.cancel_newest(task_id, reason)
