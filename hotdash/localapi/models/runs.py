"""Runs, which are their own queue, and the calls traced in them (contract 5.6)."""

from django.db import models

from hotdash.localapi.models.builds import Build
from hotdash.localapi.models.environments import Environment, Project
from hotdash.localapi.models.events import Event, Stream
from hotdash.localapi.models.ids import new_id


class Run(models.Model):
    """One execution of one function; `claim_at` null means that nothing is to be done.

    While pending, `start_time` is the time of acceptance; the first claim overwrites it once.
    `execution` counts claims (a takeover is a second one) and `lost` those that ended with a
    lost worker. `attempt` is this run's own ordinal among its retries; `retry_attempt` is the
    contract's counter, which grows while the run is parked (contract 5.6).
    """

    run_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(
        Environment, models.CASCADE, related_name="runs", db_index=False
    )
    stream = models.ForeignKey(Stream, models.CASCADE, related_name="runs", db_index=False)
    build = models.ForeignKey(Build, models.PROTECT, related_name="runs", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="runs", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="runs", null=True, db_index=False)
    run_type = models.TextField()  # call, event, schedule, run, task
    status = models.TextField(default="pending")
    start_time = models.DateTimeField()
    stop_time = models.DateTimeField(null=True)
    origin_run_id = models.UUIDField(null=True)
    result = models.TextField(null=True)  # noqa: DJ001  JSON text; null: none yet
    result_bytes = models.IntegerField(null=True)  # as it is sent, where that is much; null: little
    ns = models.TextField()
    var = models.TextField()
    event_type = models.TextField(null=True)  # noqa: DJ001  null: not started by an event
    attempt = models.SmallIntegerField(default=1)
    retry_attempt = models.SmallIntegerField(default=0)
    retry_max = models.SmallIntegerField(default=0)  # retries, so attempts are one more
    retry_delay_ms = models.IntegerField(default=0)
    next_retry_at = models.DateTimeField(null=True)
    claim_at = models.DateTimeField(null=True)
    worker = models.TextField(null=True)  # noqa: DJ001  null: held by nobody
    execution = models.SmallIntegerField(default=0)
    lost = models.SmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    cancel_reason = models.TextField(null=True)  # noqa: DJ001  null: none was given
    trace_rev = models.IntegerField(default=0)

    class Meta:
        db_table = "run"
        indexes = [
            models.Index(fields=["environment", "-run_id"], name="run_newest"),
            models.Index(fields=["environment", "status", "-run_id"], name="run_by_status"),
            models.Index(fields=["environment", "start_time"], name="run_started"),
            models.Index(fields=["stream", "-run_id"], name="run_of_stream"),
            models.Index(fields=["event", "-run_id"], name="run_of_event"),
            # two, so that thousands of waiting tasks are not stepped over to find what goes first
            models.Index(
                fields=["claim_at", "run_id"],
                condition=models.Q(claim_at__isnull=False) & ~models.Q(run_type="task"),
                name="run_due",
            ),
            models.Index(
                fields=["claim_at", "run_id"],
                condition=models.Q(claim_at__isnull=False, run_type="task"),
                name="task_due",
            ),
            models.Index(fields=["worker"], condition=models.Q(status="running"), name="run_held"),
            models.Index(
                fields=["next_retry_at"],
                condition=models.Q(status="pending_retry"),
                name="run_retry_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ns}/{self.var} {self.status}"

    @property
    def depth(self) -> int:
        """How many runs set each other off before this one, by events and tasks."""
        started_by = self.event or getattr(self, "task", None)
        return 0 if started_by is None else int(started_by.depth)


class Call(models.Model):
    """One traced call of a build's function; written at its start and again at its end."""

    var_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, models.CASCADE, related_name="calls", db_index=False)
    execution = models.SmallIntegerField()
    seq = models.IntegerField()
    rev = models.IntegerField()
    parent_seq = models.IntegerField(null=True)
    ns = models.TextField()
    var = models.TextField()
    file = models.TextField()
    line = models.IntegerField()
    args = models.TextField()  # JSON text, bounded and masked
    value = models.TextField(null=True)  # noqa: DJ001  JSON text; null until it returned
    error = models.TextField(null=True)  # noqa: DJ001  JSON text {type, msg}; null unless it raised
    start_time = models.DateTimeField()
    stop_time = models.DateTimeField(null=True)

    class Meta:
        db_table = "call"
        constraints = [
            models.UniqueConstraint(fields=["run", "execution", "seq"], name="call_seq_once"),
        ]
        indexes = [models.Index(fields=["run", "rev"], name="call_changed")]

    def __str__(self) -> str:
        return f"{self.ns}/{self.var}"


class Worker(models.Model):
    """A worker that was seen, for people; the lease itself lives in the run."""

    name = models.TextField(primary_key=True)  # name and boot id: never used again
    host = models.TextField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "worker"

    def __str__(self) -> str:
        return self.name
