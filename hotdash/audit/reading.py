"""Reading the audit record: one line for each action, newest first, in an organization's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hotdash.audit.models import Entry, Phase
from hotdash.orgs.models import Organization

OPEN = ""  # the outcome of an action that never ended


@dataclass(frozen=True)
class Search:
    """What is looked for; an empty field asks for everything."""

    organization: Organization
    person_id: UUID | None = None
    action: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Act:
    """One action as the record holds it; `outcome` is OPEN where its second row is missing."""

    at: datetime
    person_name: str
    person_email: str
    action: str
    environment_slug: str
    outcome: str
    subject: Mapping[str, str]


@dataclass(frozen=True)
class Person:
    """Somebody who acted, as their newest row names them."""

    person_id: UUID
    name: str
    email: str


def count_acts(search: Search) -> int:
    """Return how many actions were begun."""
    return _opened(search).count()


def list_acts(search: Search, limit: int, offset: int) -> tuple[Act, ...]:
    """Return actions by when they began, the newest first."""
    opened = list(_opened(search).order_by("-position")[offset : offset + limit])
    ends = Entry.objects.filter(
        organization_id=search.organization.pk,
        phase=Phase.CLOSED,
        action_id__in=[row.action_id for row in opened],
    )
    by_action = {row.action_id: row for row in ends}
    return tuple(_act(row, by_action.get(row.action_id)) for row in opened)


def people_of(organization: Organization) -> tuple[Person, ...]:
    """Return everybody who acted in the organization, members or not, by name."""
    rows = _opened(Search(organization)).order_by("position")
    newest = {
        person_id: Person(person_id, name, email)
        for person_id, name, email in rows.values_list(
            "person_id", "person_name", "person_email"
        ).distinct()
    }
    return tuple(sorted(newest.values(), key=lambda person: person.name or person.email))


def actions_of(organization: Organization) -> tuple[str, ...]:
    """Return the names of all actions that were begun in the organization."""
    rows = _opened(Search(organization)).order_by("action")
    return tuple(rows.values_list("action", flat=True).distinct())


def _opened(search: Search) -> QuerySet[Entry]:
    rows = Entry.objects.filter(organization_id=search.organization.pk, phase=Phase.OPENED)
    if search.person_id:
        rows = rows.filter(person_id=search.person_id)
    if search.action:
        rows = rows.filter(action=search.action)
    if search.since:
        rows = rows.filter(at__gte=search.since)
    return rows


def _act(opened: Entry, closed: Entry | None) -> Act:
    return Act(
        at=opened.at,
        person_name=opened.person_name,
        person_email=opened.person_email,
        action=opened.action,
        environment_slug=opened.environment_slug,
        outcome=closed.outcome if closed else OPEN,
        subject={**opened.subject, **(closed.subject if closed else {})},
    )
