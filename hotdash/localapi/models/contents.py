"""Contents: bytes that are kept once, however many rows refer to them."""

from django.db import models
from django.utils import timezone


class Content(models.Model):
    """Bytes under `<data>/contents`, by their hash; goes when nothing has referred to it for long.

    Whatever refers to a content does so by a foreign key: that is how it is seen to be needed.
    """

    sha256 = models.TextField(primary_key=True)
    md5 = models.TextField()  # what the wire calls etag
    size = models.BigIntegerField()
    kept_at = models.DateTimeField(default=timezone.now)  # when it was last handed in

    class Meta:
        db_table = "content"
        indexes = [models.Index(fields=["kept_at"], name="content_age")]

    def __str__(self) -> str:
        return self.sha256[:12]
