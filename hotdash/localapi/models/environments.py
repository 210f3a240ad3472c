"""Environments and the projects in them (contract 5.1, 5.11)."""

from django.db import models
from django.utils import timezone

from hotdash.localapi.models.ids import new_id


class Environment(models.Model):
    """Where keys, projects, events and runs belong; nothing is seen across its border."""

    env_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    org_id = models.UUIDField()
    name = models.TextField()
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "environment"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "name"], name="environment_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """A named set of builds of which at most one runs."""

    project_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, models.CASCADE, related_name="projects")
    name = models.TextField()
    active = models.BooleanField(default=True)
    deployment_sequence = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "project"
        constraints = [
            models.UniqueConstraint(fields=["environment", "name"], name="project_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def reactivate(self) -> None:
        """Switch it on: whoever uploads or deploys wants it to run (contract 1.7).

        One that is deleted meanwhile stays so.
        """
        if not self.active:
            self.active, self.updated_at = True, timezone.now()
            row = Project.objects.filter(pk=self.pk)
            row.update(active=self.active, updated_at=self.updated_at)
