"""Tasks are forgotten with the runs of their time, and all that is theirs with them."""

from datetime import timedelta

import pytest

from hotdash.localapi.models import Blob, Task
from hotdash.localapi.retention import Keeping, prune
from hotdash.localapi.runtime.clock import database_now
from tests.localapi import rows
from tests.localapi.runtime.shop import Shop
from tests.localapi.runtime.test_retention import MONTH, Past, id_of


@pytest.fixture
def past(shop: Shop) -> Past:
    return Past(shop)


def test_a_task_is_kept_as_long_as_the_runs_of_its_time(past: Past) -> None:
    def task(days: float) -> Task:
        moment = database_now() - timedelta(days=days)
        times = {"start_time": moment, "stop_time": moment}
        return rows.task(past.build, run={"run_id": id_of(moment), **times})

    runs = [past.run(days) for days in (9, 6, 3)]
    old, *young = [task(days) for days in (8, 5, 4, 2, 1)]
    prune(Keeping(0, 2))
    assert past.ids() == {run.pk for run in runs[1:]} | {one.run_id for one in young}
    assert not Task.objects.filter(pk=old.pk).exists()


def test_large_arguments_go_with_their_task(past: Past) -> None:
    old = rows.task(past.build)
    run = past.run(40, run_type="task")
    Task.objects.filter(pk=old.pk).update(run=run)
    blob = rows.blob(run, "a large argument")
    Blob.objects.filter(pk=blob.pk).update(owner_id=old.pk)
    prune(MONTH)
    assert not Task.objects.filter(pk=old.pk).exists()
    assert not Blob.objects.filter(pk=blob.pk).exists()
