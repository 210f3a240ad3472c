"""What a worker does now and then: say that it lives, forget what was kept long enough."""

import socket
from datetime import timedelta

from hotdash.localapi.models import Domain, Firing, Session, Worker
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.notes import forget_old

_REMEMBERED = timedelta(days=1)
# whoever held a name may still have its records: nobody else is given it at once
_NAME_HELD = timedelta(hours=1)


def sign_in(worker: str) -> None:
    """Note that a worker lives; for people, the leases are in the runs."""
    facts = {"host": socket.gethostname(), "seen_at": database_now()}
    Worker.objects.update_or_create(name=worker, defaults=facts)


def sign_out(worker: str) -> None:
    """Note that a worker is gone."""
    Worker.objects.filter(name=worker).delete()


def tidy(notes_kept_seconds: int) -> None:
    """Delete old notes and streamed output, and whatever else nobody asks for any more."""
    forget_old(notes_kept_seconds)
    now = database_now()
    Domain.objects.filter(deleted_at__lt=now - _NAME_HELD).delete()
    before = now - _REMEMBERED
    Session.objects.filter(expires_at__lt=before).delete()
    Firing.objects.filter(due_at__lt=before).delete()
    Worker.objects.filter(seen_at__lt=before).delete()
