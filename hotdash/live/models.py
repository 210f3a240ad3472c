"""Rights that ended, for every process that has streams open."""

from django.db import models


class Revocation(models.Model):
    """Something about a person, a session or an environment changed: look again who may listen."""

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=80)  # person:<id>, session:<digest>, environment:<id>
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "live_revocation"

    def __str__(self) -> str:
        return self.subject
