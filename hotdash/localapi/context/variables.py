"""Context variables of a project, or of an environment: made, changed, listed, never read here."""

import unicodedata
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hotdash.localapi.bodies import LONGEST_NAME
from hotdash.localapi.context.seal import seal_value
from hotdash.localapi.errors import Refused, not_found
from hotdash.localapi.models import ContextVariable, Environment, Project
from hotdash.localapi.schemas.context import ChangedContext, NewContext

_UNSEEN = {"Cc", "Zl", "Zp"}


@dataclass(frozen=True)
class Holder:
    """Whose variables: a project's, or, without one, those that all projects share."""

    environment: Environment
    project: Project | None = None

    @property
    def rows(self) -> QuerySet[ContextVariable]:
        """Its variables, by key; of their values there is no use outside of runs."""
        rows = ContextVariable.objects.filter(**self._owner).order_by("key")
        return rows.defer("sealed")

    def create(self, body: NewContext) -> ContextVariable:
        """Return a variable that was not there; raise 400 for its key, 409 where it was.

        Raises 404 where the project is deleted meanwhile.
        """
        check_key(body.key)
        try:
            with transaction.atomic():
                return ContextVariable.objects.create(
                    **self._owner,
                    key=body.key,
                    description=body.description,
                    sealed=self._sealed(body.key, body.value),
                )
        except IntegrityError:
            raise self._refusal() from None

    def change(self, key: str, body: ChangedContext) -> ContextVariable:
        """Return the variable with its new value; a description that is not sent stays."""
        with transaction.atomic():
            variable = self.rows.select_for_update().filter(key=key).first()
            if variable is None:
                raise not_found("Context variable")
            if "description" in body.model_fields_set:
                variable.description = body.description
            variable.sealed = self._sealed(key, body.value)
            variable.save(update_fields=["sealed", "description", "updated_at"])
        return variable

    def delete(self, key: str) -> None:
        """Delete a variable; raise 404."""
        count, _ = self.rows.filter(key=key).delete()
        if not count:
            raise not_found("Context variable")

    @property
    def _owner(self) -> dict[str, Project | Environment]:
        return {"project": self.project} if self.project else {"environment": self.environment}

    def _refusal(self) -> Refused:
        if self.project and not Project.objects.filter(pk=self.project.pk).exists():
            return not_found("Project")
        noun = "project" if self.project else "environment"
        return Refused(409, f"The {noun} has a context variable of that key.")

    def _sealed(self, key: str, value: str) -> bytes:
        place = self.environment
        project_id = self.project.project_id if self.project else None
        return seal_value(place.org_id, place.env_id, project_id, key, value)


def check_key(key: str) -> None:
    """Raise 400 for a key that no address and no handler could name."""
    if not key:
        reason = "is empty"
    elif len(key) > LONGEST_NAME:
        reason = f"is longer than {LONGEST_NAME:,} characters"
    elif key != key.strip():
        reason = "begins or ends with a blank"
    elif key in {".", ".."}:
        reason = "would be taken for a step in an address"
    elif any(unicodedata.category(character) in _UNSEEN for character in key):
        reason = "holds a control character or a line break"
    else:
        return
    raise Refused(400, f"The key {reason}. Use a name such as DATABASE_URL.")
