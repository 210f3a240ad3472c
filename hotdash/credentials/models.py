"""The sealed key of one person to one environment, and how often one was tried."""

from django.conf import settings
from django.db import models

from hotdash.host.ids import new_id
from hotdash.orgs.models import Environment


class Credential(models.Model):
    """A key nobody else uses; its text is sealed to person, environment and address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="credentials")
    environment = models.ForeignKey(Environment, models.CASCADE, related_name="credentials")
    sealed = models.BinaryField()
    last4 = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    # of a minted key only: what it is upstream, and what it was minted for
    key_id = models.UUIDField(null=True)
    role = models.CharField(max_length=6, blank=True)
    role_version = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "credential"
        constraints = [models.UniqueConstraint(fields=["user", "environment"], name="one_key_each")]

    def __str__(self) -> str:
        return f"…{self.last4}"


class Trial(models.Model):
    """One time that a person had a key tried; forgotten after an hour."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "credential_trial"

    def __str__(self) -> str:
        return self.at.isoformat()
