"""Which revocations were there at one moment, so that later ones are told from them.

Numbers alone do not tell: Postgres may commit a lower one after a higher one. So the latest are
read again for a while, and those that were there before are left out by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from hotdash.live.models import Revocation

# how long a change of a right may take from its revocation to its commit, with clocks that disagree
READ_AGAIN = timedelta(seconds=30)


class Revoked(NamedTuple):
    """One revocation as it is read."""

    number: int
    subject: str
    at: datetime


@dataclass(frozen=True)
class Horizon:
    """The newest number of a moment, and each number since `begin` that was there already."""

    newest: int
    begin: datetime
    known: frozenset[int] = frozenset()

    def is_beyond(self, revoked: Revoked) -> bool:
        """Return whether this was not there yet."""
        if revoked.number in self.known:
            return False
        return revoked.number > self.newest or revoked.at >= self.begin

    def moved_on(self, seen: Iterable[Revoked]) -> "Horizon":
        """Return the horizon after all that was read since this one."""
        begin = timezone.now() - READ_AGAIN
        read = tuple(seen)
        return Horizon(
            max([self.newest, *(each.number for each in read)]),
            begin,
            frozenset(each.number for each in read if each.at >= begin),
        )


def horizon() -> Horizon:
    """Return what is there now."""
    begin = timezone.now() - READ_AGAIN
    newest = Revocation.objects.order_by("-id").values_list("id", flat=True).first()
    start = Horizon(newest or 0, begin)
    return start.moved_on(read_since([start]))


def read_since(horizons: Iterable[Horizon]) -> list[Revoked]:
    """Return all that may lie beyond any of these."""
    standing = tuple(horizons)
    if not standing:
        return []
    rows = Revocation.objects.filter(
        Q(id__gt=min(each.newest for each in standing))
        | Q(at__gte=min(each.begin for each in standing))
    )
    return [Revoked(*row) for row in rows.order_by("id").values_list("id", "subject", "at")]
