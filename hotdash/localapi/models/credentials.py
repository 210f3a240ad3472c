"""Credentials: only their hashes are kept (contract 2.1, 5.12)."""

from django.db import models

from hotdash.localapi.models.environments import Environment
from hotdash.localapi.models.ids import new_id


class ApiKey(models.Model):
    """A credential of one environment, or the operator's, which belongs to none."""

    key_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(
        Environment, models.CASCADE, related_name="api_keys", null=True
    )  # null: the operator key
    name = models.TextField()
    hash = models.BinaryField(max_length=32)  # SHA-256 of the 64 hex digits
    permissions = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_key"
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "name"],
                condition=models.Q(revoked_at__isnull=True),
                name="live_key_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Given(models.Model):
    """What an API key gave to somebody: a part of its own rights, which end with it."""

    api_key = models.ForeignKey(ApiKey, models.CASCADE, related_name="%(class)ss")
    hash = models.BinaryField(max_length=32)  # SHA-256 of the 32 hex digits
    permissions = models.JSONField()
    sealed_metadata = models.BinaryField(null=True)  # null: none was given
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Session(Given):
    """A credential of at most a day, for somebody's browser or device."""

    session_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "session"

    def __str__(self) -> str:
        return str(self.session_id)


class ServiceKey(Given):
    """A credential for another service, until it expires, if it does, or is revoked."""

    service_key_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField(null=True)  # noqa: DJ001  null is a value on the wire
    description = models.TextField(null=True)  # noqa: DJ001  as above
    expires_at = models.DateTimeField(null=True)  # null: never

    class Meta:
        db_table = "service_key"

    def __str__(self) -> str:
        return self.name or str(self.service_key_id)
