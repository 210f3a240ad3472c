"""Context variables, sealed from the first row (contract 5.4)."""

from django.db import models

from hotdash.localapi.models.environments import Environment, Project


class ContextVariable(models.Model):
    """A named secret of a project, or of all projects of an environment.

    Its value leaves only into runs of that environment.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="context", null=True)
    environment = models.ForeignKey(
        Environment, models.CASCADE, related_name="context", null=True
    )  # null where a project is named: exactly one of the two is
    key = models.TextField()
    description = models.TextField(null=True)  # noqa: DJ001  null is a value on the wire
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "context_variable"
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="context_key_once"),
            models.UniqueConstraint(fields=["environment", "key"], name="environment_key_once"),
            models.CheckConstraint(
                condition=models.Q(project=None) ^ models.Q(environment=None),
                name="context_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.key
