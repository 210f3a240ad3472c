"""The two rows that an action leaves in the audit record, whatever becomes of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from hotdash.accounts.models import User
from hotdash.audit.record import Deed, close, open_deed, require_known
from hotdash.gateway.trail import Trail, followed
from hotdash.orgs.models import Organization


class Recording:
    """Remembers how the view answered, and what it told of the deed."""

    outcome = "failed"

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}

    def tell(self, facts: Mapping[str, Any]) -> None:
        """Add facts to the closing row; raise UnknownField for one that is not on the list."""
        require_known(facts)
        self.told.update(facts)

    def answered(self, response: HttpResponseBase) -> HttpResponseBase:
        """Take the outcome from the answer, and pass the answer on."""
        if response.status_code < 400:
            self.outcome = "done"
        elif response.status_code == 422:
            self.outcome = "invalid"
        else:
            self.outcome = f"failed: {response.status_code}"
        return response


@contextmanager
def recorded(deed: Deed) -> Iterator[Recording]:
    """Write the opening row now and the closing row on every way out."""
    action_id = open_deed(deed)
    recording = Recording()
    trail = Trail()
    try:
        with followed() as trail:
            yield recording
    except PermissionDenied:
        recording.outcome = "refused"
        raise
    except Exception as error:
        # only the kind: a message may hold what was sent
        recording.outcome = f"failed: {type(error).__name__}"
        raise
    finally:
        if trail.request_id:
            recording.told["request_id"] = trail.request_id
        close(deed, action_id, recording.outcome, recording.told)


def record_creation(person: User, organization: Organization) -> None:
    """Write that the person made the organization: its record begins with these two rows."""
    deed = Deed("organizations.create", person, organization, environment_slug="", subject={})
    close(deed, open_deed(deed), "done")
