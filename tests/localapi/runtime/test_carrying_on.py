"""While its database or its disk refuses, a worker keeps what it has to say, and says it later."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from hotdash.localapi.archives import storage
from hotdash.localapi.models import Run
from tests.localapi.runtime.shop import Shop, marks, pause
from tests.localapi.runtime.slow import SLOW, let_go
from tests.localapi.runtime.workers import WorkerProcess
from tests.processes import is_alive
from tests.sockets import wait_for


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """Let no file of a process grow: what it writes fails as on a full disk."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


if connection.vendor == "postgresql":

    def test_a_worker_whose_connections_are_cut_carries_on(
        shop: Shop, own_worker: WorkerProcess
    ) -> None:
        shop.deploy(SLOW)
        run = shop.start("::slow/wait")
        wait_for(lambda: len(marks(run)) == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND usename = current_user"
            )
        let_go(run)
        over = shop.over(run)
        assert (over.status, over.execution) == ("succeeded", 1)
        assert own_worker.process.poll() is None

else:

    def test_a_worker_that_cannot_write_for_a_while_carries_on(
        shop: Shop, own_worker: WorkerProcess
    ) -> None:
        shop.deploy(SLOW)
        run = shop.start("::slow/wait")
        wait_for(lambda: len(marks(run)) == 1)
        with transaction.atomic():  # takes the one write lock, for longer than a writer waits
            let_go(run)
            wait_for(lambda: "the database is away" in own_worker.said(), seconds=30)
        over = shop.over(run)
        assert (over.status, over.execution) == ("succeeded", 1)
        assert own_worker.process.poll() is None

    def test_a_worker_whose_disk_is_full_for_a_while_carries_on(
        shop: Shop, own_worker: WorkerProcess
    ) -> None:
        shop.deploy(SLOW)
        runs = [shop.start(name) for name in ("::slow/wait", "::slow/tell-much")]
        wait_for(lambda: all(marks(run) for run in runs))
        with full_disk(own_worker.process.pid):
            let_go(*runs)
            wait_for(lambda: not any(is_alive(marks(run)[0]) for run in runs))
            pause(0.5)
            states = {Run.objects.get(pk=run.pk).status for run in runs}
            assert states == {"running"}, "their ends cannot be written"
        for run in runs:
            over = shop.over(run)
            assert (over.status, over.execution) == ("succeeded", 1)
        assert own_worker.process.poll() is None

    @pytest.mark.parametrize("size", [60_000, 100_000], ids=["in its row", "beside its row"])
    def test_an_event_that_finds_the_disk_full_is_refused_whole(
        shop: Shop, size: int, data: Path
    ) -> None:
        storage.prepare()
        before = set((data / "incoming").iterdir())
        with full_disk(os.getpid()), pytest.raises((OperationalError, OSError)):
            shop.publish("nobody:cares", "x" * size)
        assert not shop.environment.events.exists()
        assert not shop.environment.streams.exists()
        assert set((data / "incoming").iterdir()) == before
