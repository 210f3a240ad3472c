"""Writes down each change of a right, in the transaction that makes it.

The rooms below do not know of live; Django tells of their rows. `QuerySet.update` is not told of:
rights are changed by `save` and `delete`.
"""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from hotdash.accounts.models import User
from hotdash.credentials.models import Credential
from hotdash.live.models import Revocation
from hotdash.orgs.models import Environment, Membership

KEPT = timedelta(hours=1)
_ABOUT_THE_PERSON = frozenset({"password", "is_active"})
# found out by the first call of an environment, and no change of it
_FOUND_OUT = frozenset({"prefix", "upstream_env_id"})


def person(person_id: UUID | str) -> str:
    """Return the subject of everything that a person listens to."""
    return f"person:{person_id}"


def session(session_key: str) -> str:
    """Return the subject of one session; its key is nowhere written down."""
    return f"session:{hashlib.sha256(session_key.encode()).hexdigest()}"


def environment(environment_id: UUID) -> str:
    """Return the subject of everybody who listens to an environment."""
    return f"environment:{environment_id}"


def revoke(subject: str) -> None:
    """End the subject's streams in all processes; whoever still may comes back at once."""
    Revocation.objects.filter(at__lt=timezone.now() - KEPT).delete()
    Revocation.objects.create(subject=subject)


def listen() -> None:
    """Hear of the rows on which a right to listen stands."""
    for told, sender, receiver in (
        (post_save, Membership, _membership_saved),
        (post_delete, Membership, _of_a_person),
        (post_save, Credential, _key_saved),
        (post_delete, Credential, _of_a_person),
        (post_save, Environment, _environment_saved),
        (post_delete, Environment, _environment_gone),
        (post_save, User, _person_saved),
        (post_delete, User, _person_gone),
        (post_delete, Session, _session_gone),
    ):
        told.connect(receiver, sender=sender, dispatch_uid=f"live:{receiver.__name__}:{sender}")


def _of_a_person(instance: Membership | Credential, **_: Any) -> None:
    revoke(person(instance.user_id))


def _membership_saved(instance: Membership, created: bool, **_: Any) -> None:
    if not created:
        revoke(person(instance.user_id))


def _key_saved(instance: Credential, created: bool, **_: Any) -> None:
    if not created:  # a first key ends nothing: without one nobody listens
        revoke(person(instance.user_id))


def _environment_saved(
    instance: Environment, created: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    if not created and not (update_fields and update_fields <= _FOUND_OUT):
        revoke(environment(instance.pk))


def _environment_gone(instance: Environment, **_: Any) -> None:
    revoke(environment(instance.pk))


def _person_saved(
    instance: User, created: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    if not created and (update_fields is None or update_fields & _ABOUT_THE_PERSON):
        revoke(person(instance.pk))


def _person_gone(instance: User, **_: Any) -> None:
    revoke(person(instance.pk))


def _session_gone(instance: Session, **_: Any) -> None:
    revoke(session(instance.session_key))
