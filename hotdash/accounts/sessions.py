"""The sessions of a person, and ending them: at once, in every process."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest

from hotdash.accounts.models import User


@dataclass(frozen=True)
class Session:
    """One browser in which a person is signed in."""

    session_id: int
    began_at: datetime
    address: str
    user_agent: str
    is_this: bool


def list_sessions(request: HttpRequest, person: User) -> list[Session]:
    """Return the person's live sessions, this one first, then the newest."""
    key = request.session.session_key
    if not UserSession.objects.filter(session_key=key).exists():
        UserSession.objects.create_from_request(request)  # it began before sessions were listed
    rows = UserSession.objects.purge_and_list(person)
    sessions = [
        Session(row.pk, row.created_at, row.ip, row.user_agent, row.session_key == key)
        for row in rows
    ]
    return sorted(sessions, key=lambda one: (not one.is_this, -one.began_at.timestamp()))


@transaction.atomic
def end_session(person: User, session_id: int, but: str) -> bool:
    """End one session of this very person; return whether there was one besides `but`, a key."""
    rows = UserSession.objects.filter(user=person, pk=session_id).exclude(session_key=but)
    return _ended(list(rows)) == 1


@transaction.atomic
def end_other_sessions(person: User, but: str) -> int:
    """End every session of a person besides `but`, a key; return how many there were."""
    return _ended(list(UserSession.objects.filter(user=person).exclude(session_key=but)))


def _ended(rows: list[UserSession]) -> int:
    for row in rows:
        row.end()
    return len(rows)
