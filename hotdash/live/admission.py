"""Who may listen to what: at the door as for a page, and again while the stream is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from hotdash.accounts.models import User
from hotdash.gateway.errors import GatewayError
from hotdash.gateway.upstream import Gateway
from hotdash.guard.door import NoKey, open_gateway
from hotdash.guard.scope import find_place
from hotdash.live import revocations
from hotdash.live.horizon import Horizon, horizon
from hotdash.live.renderers import Place
from hotdash.live.topics import Topic
from hotdash.orgs import roles


@dataclass(frozen=True)
class Seat:
    """One topic that a person may hear, with their own door to it."""

    topic: Topic
    place: Place
    gateway: Gateway


@dataclass(frozen=True)
class Visit:
    """One person's open page: what it may hear, and on what that stands."""

    person_id: str
    session_key: str
    seats: tuple[Seat, ...]
    horizon: Horizon  # the revocations that were there before anything was checked

    @property
    def subjects(self) -> frozenset[str]:
        """Whose changes end this visit."""
        places = {revocations.environment(seat.topic.environment_id) for seat in self.seats}
        session = revocations.session(self.session_key)
        return frozenset({revocations.person(self.person_id), session, *places})


def admit(person: User, session_key: str, topics: Iterable[Topic]) -> Visit:
    """Return the visit; raise Http404, PermissionDenied or NoKey as the topic's page would."""
    begun = horizon()
    seats = tuple(_seat(person, topic) for topic in topics)
    return Visit(str(person.pk), session_key, seats, begun)


def still_stands(visit: Visit) -> bool:
    """Return whether session, membership, role and key are what they were."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(visit.session_key)
    person = get_user(request)
    if not isinstance(person, User) or str(person.pk) != visit.person_id:
        return False
    try:
        return tuple(_seat(person, seat.topic) for seat in visit.seats) == visit.seats
    except (Http404, PermissionDenied, NoKey, GatewayError):
        return False  # also where a key would have to be minted anew and nobody answers


def _seat(person: User, topic: Topic) -> Seat:
    membership, environment = find_place(person, topic.environment_id)
    if not roles.may(membership.role, topic.permission):
        raise PermissionDenied("Your role here does not include listening to this.")
    place = Place(membership.organization.slug, environment.slug, environment.pk)
    return Seat(topic, place, open_gateway(membership, environment))
