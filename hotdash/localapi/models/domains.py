"""Custom domains: names that an environment has shown to be its own (contract 5.13)."""

from django.db import models

from hotdash.localapi.models.environments import Environment
from hotdash.localapi.models.ids import new_id


class Domain(models.Model):
    """A name that belongs to one environment of this server; a deleted one is held for a while."""

    domain_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, models.CASCADE, related_name="domains")
    domain = models.TextField(unique=True)  # in lower case
    status = models.TextField(default="pending_validation")  # validated, pending_deletion
    record_name = models.TextField()  # the CNAME record that shows whose it is
    record_value = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "domain"

    def __str__(self) -> str:
        return self.domain
