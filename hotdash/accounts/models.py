"""A person: an e-mail address, a name, a theme."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from hotdash.host.ids import new_id


class Theme(models.TextChoices):
    """How pages look to a person; `system` follows the machine."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class People(BaseUserManager["User"]):
    """Finds and makes people by e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, name: str = "") -> "User":
        """Return a new person; without a password the account waits to be claimed by a link."""
        person = self.model(email=email, name=name)
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person of an e-mail address; raise DoesNotExist."""
        return self.get(email=folded(username or ""))


class User(AbstractBaseUser):
    """One person; the same in every organization."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[People] = People()

    class Meta:
        db_table = "person"

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Fold the address, so that two spellings are one person."""
        super().clean()
        self.email = folded(self.email)

    def save(self, *args: object, **kwargs: object) -> None:
        """Store the person under the folded address, whoever wrote it."""
        self.email = folded(self.email)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as Django declares them


def folded(email: str) -> str:
    """Return an address as it is stored and compared: trimmed and in lower case."""
    return email.strip().lower()
