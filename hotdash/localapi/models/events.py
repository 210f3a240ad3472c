"""Streams and the events published into them (contract 5.5)."""

from django.db import models
from django.utils import timezone

from hotdash.localapi.models.environments import Environment
from hotdash.localapi.models.ids import new_id


class Stream(models.Model):
    """What ties events and runs of one conversation together."""

    stream_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, models.CASCADE, related_name="streams")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "stream"

    def __str__(self) -> str:
        return str(self.stream_id)


class Event(models.Model):
    """Something that happened; `event_data` is JSON text, its key order as published.

    Large values in it stand beside it, as blobs.
    """

    event_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(
        Environment, models.CASCADE, related_name="events", db_index=False
    )
    stream = models.ForeignKey(Stream, models.CASCADE, related_name="events")
    event_type = models.TextField()
    event_data = models.TextField()
    data_bytes = models.IntegerField(null=True)  # as it is sent, where that is much; null: little
    event_time = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    source = models.TextField()  # api, schedule, run, retry
    origin_run_id = models.UUIDField(null=True)  # the sender for run, the failed run for retry
    depth = models.SmallIntegerField(default=0)  # how many runs sent each other before this one

    class Meta:
        db_table = "event"
        indexes = [models.Index(fields=["environment", "-event_id"], name="event_newest")]

    def __str__(self) -> str:
        return self.event_type
