"""API keys: only their hashes are kept (contract 2.1)."""

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
