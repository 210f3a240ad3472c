"""The conditions of the audit log as chips: what each is now, and what else it may be."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotdash.audit.reading import actions_of, people_of
from hotdash.kit.formats import visible
from hotdash.orgs.models import Organization
from hotdash.pages.audit_log.filters import TIMES, AuditFilters, Choices
from hotdash.pages.audit_log.rows import deed_of


@dataclass(frozen=True)
class Option:
    """One value of a condition."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class Chip:
    """A condition: what it is now, how to be rid of it, and what else it may be."""

    name: str
    value: str
    without: str
    options: tuple[Option, ...]


def choices_in(organization: Organization) -> Choices:
    """Return who and what is in the organization's log."""
    people = people_of(organization)
    return Choices(
        person={str(one.person_id): visible(one.name or one.email) for one in people},
        action={action: deed_of(action) for action in actions_of(organization)},
        time={key: words for key, (words, _) in TIMES.items()},
    )


def chips(filters: AuditFilters, choices: Choices) -> Iterator[Chip]:
    """Yield the three conditions, set or not."""
    for name in ("person", "action", "time"):
        options = getattr(choices, name)
        current = getattr(filters, name)
        yield Chip(
            name,
            options.get(current, ""),
            filters.address(**{name: ""}),
            tuple(
                Option(words, filters.address(**{name: key}), key == current)
                for key, words in options.items()
            ),
        )
