"""Writing the audit record: rows are added in one order and chained, never changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hotdash.accounts.models import User
from hotdash.audit.models import FIELD_LENGTH, Entry, Head, Phase
from hotdash.host.ids import new_id
from hotdash.orgs.models import Organization

# What may be said of an action's subject: ids and names of things, never a payload or a secret
SUBJECT_FIELDS = frozenset(
    {"project", "build_id", "run_id", "event_id", "event_type", "environment", "keys", "request_id"}
)
_PURPOSE = "hotdash audit chain"


class UnknownField(Exception):
    """An action names a subject that is not on the list; add it there after a thought."""


@dataclass(frozen=True)
class Deed:
    """Who does what, where, to what."""

    action: str
    person: User
    organization: Organization
    environment_slug: str
    subject: Mapping[str, Any]


def open_deed(deed: Deed) -> UUID:
    """Write that the action begins and return its id; committed before anything is done."""
    require_known(deed.subject)
    action_id = new_id()
    _append(_row(deed, action_id, Phase.OPENED, ""))
    return action_id


def close(deed: Deed, action_id: UUID, outcome: str, told: Mapping[str, Any] | None = None) -> None:
    """Write how the action ended, and what was `told` of it on the way, as a row of its own."""
    known = {**deed.subject, **(told or {})}
    require_known(known)
    _append(_row(replace(deed, subject=known), action_id, Phase.CLOSED, outcome))


def require_known(subject: Mapping[str, Any]) -> None:
    """Raise UnknownField for a subject that is not on the list."""
    if unknown := set(subject) - SUBJECT_FIELDS:
        raise UnknownField(", ".join(sorted(unknown)))


def chain_value(entry: Entry, previous: bytes) -> bytes:
    """Return what the row's chain value must be; its key is not in the database."""
    return settings.KEY_RING.mac(previous + _text(entry), _PURPOSE, entry.key_id)


def _row(deed: Deed, action_id: UUID, phase: Phase, outcome: str) -> Entry:
    return Entry(
        action_id=action_id,
        phase=phase,
        action=deed.action,
        outcome=outcome[:FIELD_LENGTH],
        person_id=deed.person.pk,
        person_name=deed.person.name[:FIELD_LENGTH],
        person_email=deed.person.email[:FIELD_LENGTH],
        organization_id=deed.organization.pk,
        organization_slug=deed.organization.slug,
        environment_slug=deed.environment_slug,
        subject={name: str(value)[:FIELD_LENGTH] for name, value in deed.subject.items()},
        at=timezone.now(),
        key_id=settings.KEY_RING.first_id,
    )


@transaction.atomic(durable=True)
def _append(entry: Entry) -> None:
    head, _ = Head.objects.select_for_update().get_or_create(pk=1)
    entry.position = head.position + 1
    entry.chain = chain_value(entry, bytes(head.chain))
    entry.save(force_insert=True)
    head.position, head.chain = entry.position, entry.chain
    head.save(update_fields=["position", "chain"])


def _text(entry: Entry) -> bytes:
    fields = {
        field.attname: getattr(entry, field.attname)
        for field in Entry._meta.concrete_fields  # noqa: SLF001  Django's documented API
        if field.attname != "chain"
    }
    fields["at"] = entry.at.isoformat()  # as text alike before and after it was stored
    return json.dumps(fields, default=str, sort_keys=True).encode()
