"""A full disk ends no run that has not begun: it waits, and the log says why."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from hotdash.localapi import room
from hotdash.localapi.models import Run
from hotdash.localapi.runtime import process
from hotdash.localapi.runtime.identity import Identity
from hotdash.localapi.runtime.worker import Worker
from hotdash.localapi.runtime.worker_settings import read_settings
from tests.localapi.runtime.conftest import forget_what_is_due
from tests.localapi.runtime.shop import FINAL, Shop, failure, result
from tests.localapi.runtime.test_counters import BUILD, counted, told
from tests.sockets import wait_for


def refuse(_build_id: UUID, _name: str) -> Path:
    """Make no directory, as a disk does of which others have had their share."""
    raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))


class Here(Worker):
    """A worker in the process of the test, one turn at a time."""

    def __init__(self) -> None:
        super().__init__(Identity(settings.DATA_DIR), read_settings(is_confined=False))
        self._duties = self._duties[:1]  # its heart; what is done beside the loop has threads

    def turn(self) -> None:
        self._turn(self._take_work)

    def turn_until(self, has_come: Callable[[], bool]) -> None:
        def turned() -> bool:
            self.turn()
            return has_come()

        wait_for(turned, seconds=20)

    def execute(self, run: Run) -> Run:
        self.turn_until(lambda: stored(run).status in FINAL)
        return stored(run)


def stored(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


@pytest.fixture
def here(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    # the other children of this process are the tests' own programs
    monkeypatch.setattr(process, "sweep", lambda _known: None)
    forget_what_is_due()
    worker = Here()
    yield worker
    worker._hand_back()


def test_a_run_that_finds_no_room_for_its_directory_waits_until_there_is(
    shop: Shop, here: Here, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = shop.build(BUILD)
    type(build).objects.filter(pk=build.pk).update(deployed=True, runtime_status="ready")
    with monkeypatch.context() as full:
        full.setattr(here._scratch, "make", refuse)
        run = shop.start("::work/step", 7)
        here.turn_until(lambda: "A run could not begin" in caplog.text)
        assert os.strerror(errno.EDQUOT) in caplog.text
        for _ in range(3):
            here.turn()
            waiting = stored(run)
            assert (waiting.status, waiting.worker, waiting.execution) == ("pending", None, 0)
        assert told(shop.environment) == counted(shop.environment)
        # said once, however often it is tried
        assert caplog.text.count("A run could not begin") == 1

    here._conditions.look()
    assert result(here.execute(run)) == 7
    assert "The disk has room again" in caplog.text


def test_a_build_that_is_not_there_ends_its_runs(shop: Shop, here: Here) -> None:
    build = shop.build(BUILD)
    type(build).objects.filter(pk=build.pk).update(deployed=True, runtime_status="ready")
    (Path(settings.FILES_DIR) / "builds" / f"{build.pk}.zip").unlink()
    run = shop.start("::work/step", 7)
    assert "the build cannot be started" in failure(here.execute(run))["msg"]


@pytest.mark.parametrize(
    ("number", "lacks"),
    [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EACCES, False), (errno.ENOENT, False)],
)
def test_want_of_room_is_told_from_other_troubles(number: int, lacks: bool) -> None:
    assert room.is_lacking(OSError(number, "")) is lacks
