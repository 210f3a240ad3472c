"""Context variables, sealed from the first row (contract 5.4)."""

from django.db import models

from hotdash.localapi.models.environments import Project


class ContextVariable(models.Model):
    """A named secret of a project; its value leaves only into that environment's runs."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="context")
    key = models.TextField()
    description = models.TextField(null=True)  # noqa: DJ001  null is a value on the wire
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "context_variable"
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="context_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
