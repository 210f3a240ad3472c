"""Files of an environment, and uploads that are still arriving in parts (contract 5.8)."""

from django.db import models

from hotdash.localapi.models.contents import Content
from hotdash.localapi.models.environments import Environment
from hotdash.localapi.models.ids import new_id


class File(models.Model):
    """A named content; writing to its path again keeps its id."""

    file_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(
        Environment, models.CASCADE, related_name="files", db_index=False
    )
    path = models.TextField()
    content = models.ForeignKey(Content, models.PROTECT, related_name="files")
    content_type = models.TextField(null=True)  # noqa: DJ001  null is a value on the wire
    created_by_run_id = models.UUIDField(null=True)
    updated_by_run_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "file"
        constraints = [
            models.UniqueConstraint(fields=["environment", "path"], name="file_path_once"),
        ]
        indexes = [
            models.Index(fields=["environment", "-updated_at", "-file_id"], name="file_newest"),
        ]

    def __str__(self) -> str:
        return self.path


class Upload(models.Model):
    """A file that arrives in parts; it may be resumed until it expires."""

    upload_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, models.CASCADE, related_name="uploads")
    path = models.TextField()
    content_type = models.TextField(null=True)  # noqa: DJ001  null: to be told from the path
    status = models.TextField(default="pending")  # pending, completed, aborted
    expected_size = models.BigIntegerField(null=True)  # null: whatever arrives
    most_bytes = models.BigIntegerField()  # in all parts together
    part_size = models.BigIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "upload"
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status="pending"),
                name="upload_expiry",
            ),
        ]

    def __str__(self) -> str:
        return self.path


class Part(models.Model):
    """One part of an upload, on disk under its own name; sent again, it is another row's file."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts", db_index=False)
    number = models.IntegerField()
    size = models.BigIntegerField()
    md5 = models.TextField()
    name = models.TextField()  # of its file; a part that is sent again gets another

    class Meta:
        db_table = "upload_part"
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="upload_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.number}"
