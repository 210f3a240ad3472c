"""What was done, in rows that are added and never changed."""

from django.db import models

from hotdash.host.ids import new_id

FIELD_LENGTH = 200


class Phase(models.TextChoices):
    """An action leaves two rows; one without its second is itself evidence."""

    OPENED = "opened"
    CLOSED = "closed"


class Entry(models.Model):
    """One row of the record; people and places are kept as text, so that it outlives them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    position = models.BigIntegerField(unique=True)
    action_id = models.UUIDField()
    phase = models.CharField(max_length=6, choices=Phase)
    action = models.CharField(max_length=FIELD_LENGTH)
    outcome = models.CharField(max_length=FIELD_LENGTH, blank=True)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=FIELD_LENGTH, blank=True)
    person_email = models.CharField(max_length=FIELD_LENGTH)
    organization_id = models.UUIDField()
    organization_slug = models.CharField(max_length=40)
    environment_slug = models.CharField(max_length=40, blank=True)
    subject = models.JSONField(default=dict)
    at = models.DateTimeField()
    key_id = models.CharField(max_length=40)  # which key of the ring made the chain value
    chain = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_entry"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["action_id", "phase"], name="one_row_per_phase")
        ]
        indexes = [models.Index(fields=["organization_id", "-position"], name="audit_by_org")]

    def __str__(self) -> str:
        return f"{self.position} {self.action} {self.phase}"


class Head(models.Model):
    """The end of the chain: the one row that writers take turns on."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)
    chain = models.BinaryField(max_length=32, default=bytes)

    class Meta:
        db_table = "audit_head"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head"),
        ]

    def __str__(self) -> str:
        return str(self.position)
