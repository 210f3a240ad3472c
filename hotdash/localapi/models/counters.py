"""How many there are of what: sums that are kept where the rows are made and deleted."""

from django.db import models

from hotdash.localapi.models.environments import Environment


class Counter(models.Model):
    """A part of a sum; slot 0 holds what was added up, every other slot what was added since.

    Writers that share a row wait for each other until they have committed. SQLite has one writer
    at a time and needs slot 0 alone; on Postgres each writes a slot of its own, folded later.
    """

    environment = models.ForeignKey(
        Environment, models.CASCADE, related_name="counters", db_index=False
    )
    noun = models.TextField()  # run, event, accepted, call, call_bytes
    facet = models.TextField()  # of a run: its status and type; of accepted: the month
    slot = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "counter"
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "noun", "facet", "slot"], name="counter_once"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=~models.Q(slot=0), name="counter_to_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.facet} {self.amount:+}"


class Chore(models.Model):
    """Something that one of all workers does now and then, and when it was last begun."""

    name = models.TextField(primary_key=True)
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "chore"

    def __str__(self) -> str:
        return self.name
