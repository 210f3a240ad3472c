"""What a worker does now and then: say that it lives, forget what was kept long enough."""

import socket
from datetime import timedelta

from hotdash.localapi.models import Firing, Worker
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.notes import forget_old

_REMEMBERED = timedelta(days=1)


def sign_in(worker: str) -> None:
    """Note that a worker lives; for people, the leases are in the runs."""
    facts = {"host": socket.gethostname(), "seen_at": database_now()}
    Worker.objects.update_or_create(name=worker, defaults=facts)


def sign_out(worker: str) -> None:
    """Note that a worker is gone."""
    Worker.objects.filter(name=worker).delete()


def tidy(notes_kept_seconds: int) -> None:
    """Delete old notes and streamed output, firings and workers that nobody asks for."""
    forget_old(notes_kept_seconds)
    before = database_now() - _REMEMBERED
    Firing.objects.filter(due_at__lt=before).delete()
    Worker.objects.filter(seen_at__lt=before).delete()
