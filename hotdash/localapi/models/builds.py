"""Builds and what they declare: event handlers and schedules (contract 5.2, 5.10)."""

from django.db import models

from hotdash.localapi.models.environments import Project
from hotdash.localapi.models.ids import new_id


class Build(models.Model):
    """An uploaded archive; `deployed` only when it is the one that runs and is ready."""

    build_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="builds")
    hash = models.TextField()
    size = models.BigIntegerField()
    build_type = models.TextField(default="bundle")
    deployed = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    runtime_status = models.TextField(default="pending")
    runtime_error = models.TextField(null=True)  # noqa: DJ001  null is "omit the key" on the wire
    deployment_sequence = models.BigIntegerField(default=0)
    claim_at = models.DateTimeField(null=True)  # when a worker may load it; null: not asked for
    manifest = models.TextField()
    storage_path = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "build"
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(deployed=True), name="one_deployed_build"
            ),
        ]
        indexes = [
            models.Index(
                fields=["claim_at"],
                condition=models.Q(claim_at__isnull=False),
                name="build_to_load",
            ),
        ]

    def __str__(self) -> str:
        return self.hash[:12]


class EventHandler(models.Model):
    """A function of a build that runs for each event of its type; rows exist from upload on."""

    event_handler_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    build = models.ForeignKey(Build, models.CASCADE, related_name="event_handlers")
    event_type = models.TextField()
    ns = models.TextField()
    var = models.TextField()
    retry_max = models.SmallIntegerField(default=0)
    retry_delay_ms = models.IntegerField(default=0)

    class Meta:
        db_table = "event_handler"
        indexes = [models.Index(fields=["event_type"], name="handler_of_type")]

    def __str__(self) -> str:
        return f"{self.ns}/{self.var}"


class Schedule(models.Model):
    """A function of a build that runs when its cron text is due; `next_at` null: not deployed."""

    schedule_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    build = models.ForeignKey(Build, models.CASCADE, related_name="schedules")
    cron = models.TextField()
    ns = models.TextField()
    var = models.TextField()
    next_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "schedule"
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="schedule_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cron} {self.ns}/{self.var}"


class Firing(models.Model):
    """One due time of one schedule that was turned into a run: exists at most once."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="firings")
    due_at = models.DateTimeField()

    class Meta:
        db_table = "firing"
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="fired_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_at:%Y-%m-%dT%H:%M:%SZ}"
