"""Blobs: large values that are stored beside the payload in which they stood (contract 5.9)."""

from django.db import models

from hotdash.localapi.models.contents import Content
from hotdash.localapi.models.environments import Environment
from hotdash.localapi.models.ids import new_id


class Blob(models.Model):
    """One place where a large value stood; the same value elsewhere is another, of one content."""

    blob_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(
        Environment, models.CASCADE, related_name="blobs", db_index=False
    )
    content = models.ForeignKey(Content, models.PROTECT, related_name="blobs")
    owner_id = models.UUIDField()  # the event, run or task in whose payload it stood
    encoding = models.TextField()  # string, bytes

    class Meta:
        db_table = "blob"
        indexes = [models.Index(fields=["owner_id"], name="blob_of")]

    def __str__(self) -> str:
        return str(self.blob_id)
