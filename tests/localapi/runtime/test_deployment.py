"""A build is imported in a process of its own before it runs anything (threats F6)."""

import json
import zipfile
from pathlib import Path

import pytest

from hotdash.localapi import engine
from hotdash.localapi.archives.pack import CannotPack
from hotdash.localapi.models import Build, Schedule
from tests.localapi.runtime.shop import Shop, result
from tests.localapi.runtime.workers import WorkerProcess
from tests.sockets import wait_for

GOOD = {
    "shop.py": """
from hotbuild import on_event, schedule

@on_event("order:placed", retry=1, retry_delay=0.5)
def place(order):
    return "first build"

@schedule("*/5 * * * *")
def count():
    return 1
"""
}


def repacked(shop: Shop, code: str, place: Path) -> Build:
    """Return a build whose manifest is the good one's, and whose code is this."""
    good = shop.build(GOOD)
    manifest = json.loads(good.manifest)
    archive = place / "changed.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("manifest.hot", json.dumps(manifest, ensure_ascii=False))
        target.writestr("src/shop.py", code)
    return shop.store(archive)


def decided(build: Build, seconds: float = 20) -> Build:
    engine.deploy(build)
    wait_for(
        lambda: Build.objects.get(pk=build.pk).runtime_status in {"ready", "failed"},
        seconds=seconds,
    )
    return Build.objects.get(pk=build.pk)


def test_a_ready_build_replaces_the_former_one(shop: Shop, worker: WorkerProcess) -> None:
    former = shop.deploy(GOOD)
    newer = shop.deploy({"shop.py": GOOD["shop.py"].replace("first", "second")})
    former.refresh_from_db()
    assert (former.deployed, former.runtime_status) == (False, "ready")
    assert (newer.deployed, newer.deployment_sequence) == (True, 2)
    (run,) = shop.runs_of(shop.publish("order:placed"))
    assert (run.build_id, result(run)) == (newer.build_id, "second build")


def test_schedules_are_due_only_while_their_build_is_deployed(
    shop: Shop, worker: WorkerProcess
) -> None:
    former = shop.deploy(GOOD)
    assert Schedule.objects.get(build=former).next_at is not None
    newer = shop.deploy(GOOD)
    assert Schedule.objects.get(build=former).next_at is None
    assert Schedule.objects.get(build=newer).next_at is not None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import not_there", "shop.py does not import: ModuleNotFoundError: No module named"),
        ("def broken(:", "shop.py does not import: SyntaxError: invalid syntax (line 1)"),
        ("raise SystemExit(3)", "shop.py does not import: SystemExit: 3 (shop.py, line 1)"),
        ("import os\nos._exit(7)", "it ended with status 7"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "killed by signal 11"),
        ("hog = bytearray(400_000_000)", "needs more memory than a run may use"),
        (
            "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
            "The build starts a thread while it is imported",
        ),
        ("import os\nraise RuntimeError(sorted(os.environ))", "['HOME', 'LANG', 'PATH'"),
        (
            "import os\nfor number in range(3, 20):\n  try: os.write(number, b'FORGED\\n')\n"
            "  except OSError: pass",
            "The build's process is gone: a line is not JSON.",
        ),
        (
            'import os\nready = b\'{"m": "ready", "declared": {"handlers": [7]}}\\n\'\n'
            "for number in range(3, 20):\n  try: os.write(number, ready)\n"
            "  except OSError: pass",
            "The build's process is gone: it declares nothing readable.",
        ),
        (
            'import os\nended = b\'{"m": "ended", "run": "x", "status": 0}\\n\' * 1_000\n'
            "for number in range(3, 20):\n  try:\n    while os.write(number, ended): pass\n"
            "  except OSError: pass",
            "The build's process is gone: it says more than it was asked.",
        ),
        (
            "raise ValueError('a\\0b')",
            "shop.py does not import: ValueError: a\N{REPLACEMENT CHARACTER}b",
        ),
        ("x = 1", "The code and its manifest differ. only in the manifest: handler of order:plac"),
        (
            GOOD["shop.py"].replace("retry=1", "retry=2"),
            "not in the manifest: handler of order:placed: ::shop/place (retry 2, 500 ms)",
        ),
    ],
)
def test_a_build_that_cannot_be_loaded_says_why(
    shop: Shop, worker: WorkerProcess, tmp_path: Path, code: str, reason: str
) -> None:
    build = decided(repacked(shop, code, tmp_path))
    assert build.runtime_status == "failed"
    assert reason in (build.runtime_error or "")
    assert len(build.runtime_error or "") <= 512
    assert build.deployed is False


def test_a_failed_build_leaves_the_former_one_deployed(
    shop: Shop, worker: WorkerProcess, tmp_path: Path
) -> None:
    former = shop.deploy(GOOD)
    decided(repacked(shop, "import not_there", tmp_path))
    former.refresh_from_db()
    assert (former.deployed, former.runtime_status) == (True, "ready")
    (run,) = shop.runs_of(shop.publish("order:placed"))
    assert result(run) == "first build"


def test_an_import_that_takes_too_long_is_ended_while_others_run(
    shop: Shop, worker: WorkerProcess, tmp_path: Path
) -> None:
    shop.deploy(GOOD)
    slow = repacked(shop, "import time\ntime.sleep(60)", tmp_path)
    engine.deploy(slow)
    (run,) = shop.runs_of(shop.publish("order:placed"))
    assert result(run) == "first build"
    wait_for(lambda: Build.objects.get(pk=slow.pk).runtime_status == "failed")
    slow.refresh_from_db()
    assert slow.runtime_error == "The build took more than 10 s to import."
    assert run.stop_time is not None
    assert run.stop_time < slow.updated_at


def test_a_build_of_hot_code_says_that_it_needs_the_platform(
    shop: Shop, worker: WorkerProcess
) -> None:
    build = shop.build(GOOD)
    Build.objects.filter(pk=build.pk).update(manifest='{"hot.bundle.shop": {}}')
    build.refresh_from_db()
    failed = decided(build)
    assert failed.runtime_error == (
        "This build is written in Hot; running it needs the Hot platform."
    )


def test_a_later_request_supersedes_one_that_waits(shop: Shop) -> None:
    first, second = shop.build(GOOD), shop.build(GOOD)
    never_asked = shop.build(GOOD)
    engine.deploy(first)
    engine.deploy(second)
    first.refresh_from_db()
    never_asked.refresh_from_db()
    assert (first.runtime_status, first.claim_at) == ("superseded", None)
    assert (second.runtime_status, second.deployment_sequence) == ("pending", 2)
    assert never_asked.runtime_status == "pending"
    Build.objects.filter(pk=second.pk).update(claim_at=None)


def test_a_module_named_like_one_of_pythons_is_refused(shop: Shop) -> None:
    with pytest.raises(CannotPack, match=r"json\.py has the name of a module that Python brings"):
        shop.build({"json.py": "x = 1"})
