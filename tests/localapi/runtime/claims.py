"""Runs in the queue without a worker: made, claimed by hand, and ended as a worker ends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from hotdash.localapi.models import Build, EventHandler, Run
from hotdash.localapi.runtime import journal, outcomes, queue
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.hearing import Said
from hotdash.localapi.runtime.journal import Entry
from tests.localapi.rows import build as build_row
from tests.localapi.runtime.shop import Shop


@contextmanager
def a_queue_of_its_own(shop: Shop) -> Iterator[Build]:
    """A build with one handler; whatever else is in the queue, or is left there, goes."""
    Run.objects.filter(claim_at__isnull=False).update(claim_at=None)
    row = build_row(shop.project.project_id)
    EventHandler.objects.create(
        build=row, event_type="order:placed", ns="::shop", var="place", retry_max=1
    )
    yield row
    Run.objects.filter(claim_at__isnull=False).update(claim_at=None)


def pending(shop: Shop) -> Run:
    """Return a run that waits."""
    event = shop.publish("order:placed", {"id": 1})
    return Run.objects.get(event=event)


def expire(run: Run) -> None:
    """Have the lease of a run end, as if its worker had died."""
    Run.objects.filter(pk=run.pk).update(claim_at=database_now() - timedelta(seconds=1))


def claim_one(worker: str) -> Run:
    """Return the one run that a worker claims."""
    (run,) = queue.claim(worker, 1)
    return run


def finish(run: Run, outcome: outcomes.Outcome) -> bool:
    """Write an end as the worker does; False when the run was no longer its."""
    return not journal.write([Entry(run, Said(), outcome)])
