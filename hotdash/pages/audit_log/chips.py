"""The conditions of the audit log as chips: what each is now, and what else it may be."""

from collections.abc import Iterator

from hotdash.audit.reading import actions_of, people_of
from hotdash.kit.chips import Chip, Option
from hotdash.kit.formats import visible
from hotdash.orgs.models import Organization
from hotdash.pages.audit_log.filters import TIMES, AuditFilters, Choices
from hotdash.pages.audit_log.rows import deed_of


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
