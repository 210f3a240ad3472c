"""Tasks: functions that runs started, to be executed on their own (contract 5.7)."""

from django.db import models

from hotdash.localapi.models.environments import Environment
from hotdash.localapi.models.events import Stream
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.models.runs import Run

# what a task's run says of the task (contract 5.7, 8)
TASK_STATUS = {
    "pending": "queued",
    "pending_retry": "queued",
    "running": "running",
    "succeeded": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}


class Task(models.Model):
    """What a run asked to be done; its status, times and result are those of its run.

    The run is one of type `task`, without an event; each retry is a new one, and the task's then.
    """

    task_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(
        Environment, models.CASCADE, related_name="tasks", db_index=False
    )
    stream = models.ForeignKey(Stream, models.CASCADE, related_name="tasks", db_index=False)
    run = models.OneToOneField(Run, models.CASCADE, related_name="task")
    origin_run_id = models.UUIDField()  # the run that started it
    arguments = models.TextField()  # JSON text, a list; large values in it are blobs
    timeout_ms = models.BigIntegerField()
    timed_out = models.BooleanField(default=False)  # its last run was ended by that limit
    depth = models.SmallIntegerField()  # how many runs set each other off before its run
    created_at = models.DateTimeField()

    class Meta:
        db_table = "task"
        indexes = [
            models.Index(fields=["stream", "-task_id"], name="task_of_stream"),
            models.Index(fields=["origin_run_id"], name="task_started_by"),
        ]

    def __str__(self) -> str:
        return str(self.task_id)

    @property
    def status(self) -> str:
        """Where the task stands; its run must be loaded with it."""
        if self.timed_out and self.run.status == "failed":
            return "timed_out"
        return TASK_STATUS[self.run.status]
