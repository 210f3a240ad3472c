"""Organizations, who belongs to them, and the environments they watch."""

from django.conf import settings
from django.db import models

from hotdash.host.ids import new_id
from hotdash.orgs.roles import Role

_SLUG = r"^[a-z0-9-]{2,40}$"


class Kind(models.TextChoices):
    """What an environment is for; it decides shape, colour, and whether publishing asks first."""

    DEVELOPMENT = "development", "Development"
    STAGING = "staging", "Staging"
    PRODUCTION = "production", "Production"
    OTHER = "other", "Other"


class Organization(models.Model):
    """A tenant: nothing of one is seen from another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField(max_length=100)
    may_run_code = models.BooleanField(default=False)  # the operator's to give: a shell on the host
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "organization"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=_SLUG), name="organization_slug_shape"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one organization."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="one_membership_each")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role}"


class Environment(models.Model):
    """One Hot environment: where its API answers, and which one it is there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="environments")
    slug = models.CharField(max_length=40, editable=False)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=11, choices=Kind)
    base_url = models.CharField(max_length=500, blank=True)  # empty while embedded
    prefix = models.CharField(max_length=20, blank=True)  # empty: found out by asking
    upstream_env_id = models.UUIDField(null=True)  # set by the first accepted key
    is_embedded = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "environment"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="environment_slug_once"),
            models.CheckConstraint(
                condition=models.Q(slug__regex=_SLUG), name="environment_slug_shape"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_production(self) -> bool:
        """Whether what is done here is asked about first."""
        return self.kind == Kind.PRODUCTION

    @property
    def origin(self) -> str:
        """Where its API answers; an embedded one's comes from the configuration alone."""
        return settings.EMBEDDED_ORIGIN if self.is_embedded else self.base_url
