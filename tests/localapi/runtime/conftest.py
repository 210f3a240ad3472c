"""A shop to try the engine with, and a worker that executes its runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from hotdash.localapi import sharing
from hotdash.localapi.models import Build, Run, Schedule
from tests.localapi.runtime.shop import Shop, make_shop
from tests.localapi.runtime.workers import StartWorker, WorkerProcess


@pytest.fixture(scope="session")
def tables(django_db_blocker: DjangoDbBlocker) -> None:
    """The tables, in a database that other processes see."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        sharing.adopt()  # a Postgres may have served another session, with another directory


@pytest.fixture(scope="module")
def worker(
    data: Path, tables: None, django_db_blocker: DjangoDbBlocker, run_seconds: int
) -> Iterator[WorkerProcess]:
    """A worker for all tests of a module."""
    with django_db_blocker.unblock():
        forget_what_is_due()
        with WorkerProcess(data, HOTDASH_RUN_SECONDS=str(run_seconds)) as process:
            yield process


@pytest.fixture(scope="module")
def run_seconds() -> int:
    """How long a run may take at that worker; a module that needs less has its own."""
    return 60


def forget_what_is_due() -> None:
    """Take from the queue what tests without a worker left there: it would go before ours."""
    Run.objects.update(claim_at=None)
    Build.objects.update(claim_at=None)
    Schedule.objects.update(next_at=None)


@pytest.fixture
def shop(tables: None, stored: None, tmp_path: Path) -> Shop:
    """A project of its own for this test."""
    return make_shop(tmp_path)


@pytest.fixture(scope="module")
def lasting_shop(
    worker: WorkerProcess,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Shop:
    """A project for all tests of a module, where one build serves them all."""
    with django_db_blocker.unblock():
        return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def deployed(
    request: pytest.FixtureRequest, lasting_shop: Shop, django_db_blocker: DjangoDbBlocker
) -> Shop:
    """The lasting shop with the module's BUILD, which serves all of its tests."""
    with django_db_blocker.unblock():
        lasting_shop.deploy(request.module.BUILD)
    return lasting_shop


@pytest.fixture
def start_worker(data: Path, tables: None, stored: None) -> Iterator[StartWorker]:
    """Start workers with settings of their own; all are stopped after the test."""
    started: list[WorkerProcess] = []

    def start(**variables: str) -> WorkerProcess:
        started.append(WorkerProcess(data, **variables))
        return started[-1]

    yield start
    for process in started:
        process.__exit__()


@pytest.fixture
def own_worker(start_worker: StartWorker) -> WorkerProcess:
    """A worker for this test alone, which may stop or kill it."""
    return start_worker()
