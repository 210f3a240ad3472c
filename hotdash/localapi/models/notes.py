"""What subscribers are told, kept for an hour (contract 6)."""

from django.db import models

from hotdash.localapi.models.ids import new_id


class Note(models.Model):
    """One frame for the subscribers of a topic: `env:<id>` or `stream:<id>`."""

    topic = models.TextField()
    kind = models.TextField()  # run:start, run:stop, event:created, stream:data and so on
    body = models.TextField()  # JSON text
    at = models.DateTimeField()

    class Meta:
        db_table = "note"
        indexes = [
            models.Index(fields=["topic", "id"], name="note_of_topic"),
            models.Index(fields=["at"], name="note_age"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.kind}"


class StreamData(models.Model):
    """One piece of output that a run streamed."""

    stream_data_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stream_id = models.UUIDField()
    run_id = models.UUIDField()
    data_type = models.TextField()
    payload = models.TextField()  # JSON text
    at = models.DateTimeField()

    class Meta:
        db_table = "stream_data"
        indexes = [
            models.Index(fields=["run_id", "stream_data_id"], name="stream_data_of_run"),
            models.Index(fields=["at"], name="stream_data_age"),
        ]

    def __str__(self) -> str:
        return self.data_type
