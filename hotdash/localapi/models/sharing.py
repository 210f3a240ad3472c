"""The directory that several machines share."""

from django.db import models


class SharedDirectory(models.Model):
    """Which directory of builds and files belongs to this database, by its marker."""

    name = models.TextField(primary_key=True)
    marker = models.UUIDField()
    host = models.TextField()  # of the machine that was first, and where it has it: for people
    path = models.TextField()

    class Meta:
        db_table = "shared_directory"

    def __str__(self) -> str:
        return f"{self.name}: {self.path} on {self.host}"
