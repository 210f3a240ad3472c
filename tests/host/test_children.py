"""What the supervisor does with its processes."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hotdash.host.children import Child, ChildFailed
from tests.processes import is_alive
from tests.sockets import wait_for


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-u", "-c", code)


async def test_every_line_of_a_child_carries_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    await Child("api", python("print('one'); print('two')")).finish()
    assert capsys.readouterr().out.splitlines() == ["api        | one", "api        | two"]


async def test_a_line_too_long_to_keep_is_named_and_the_next_one_still_arrives(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await Child("api", python("print('x' * 200_000); print('after')")).finish()
    lines = capsys.readouterr().out.splitlines()
    assert "more than 64 KiB" in lines[0]
    assert lines[-1].endswith("| after")


async def test_a_step_that_fails_is_told_with_its_status_and_last_words() -> None:
    with pytest.raises(ChildFailed, match="set-up failed, with exit status 3") as failure:
        await Child("set-up", python("print('no disk left'); raise SystemExit(3)")).finish()
    assert "no disk left" in str(failure.value)


async def test_a_child_that_ends_once_is_started_again(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    code = f"open({str(starts)!r}, 'a').write('x')\nimport time\n"
    code += f"if len(open({str(starts)!r}).read()) > 1: time.sleep(60)"
    child = Child("api", python(code))
    keeping = asyncio.create_task(child.keep())
    await asyncio.to_thread(wait_for, lambda: starts.exists() and starts.read_text() == "xx")
    keeping.cancel()
    await child.stop()


async def test_a_child_that_ends_twice_in_ten_seconds_stops_all() -> None:
    with pytest.raises(ChildFailed, match="twice in ten seconds, killed by SIGKILL"):
        await Child("worker", ("/bin/sh", "-c", "kill -KILL $$")).keep()


async def test_a_child_that_ignores_term_is_killed_with_its_whole_session(tmp_path: Path) -> None:
    grandchild = tmp_path / "grandchild"
    child = Child(
        "stubborn",
        python(
            "import signal, subprocess, sys, time\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            f"open({str(grandchild)!r}, 'w').write(str(inner.pid))\n"
            "time.sleep(60)"
        ),
    )
    running = asyncio.create_task(child.run())
    await asyncio.to_thread(wait_for, lambda: grandchild.exists() and bool(grandchild.read_text()))
    await child.stop()
    assert await running == -signal.SIGKILL
    await asyncio.to_thread(wait_for, lambda: not is_alive(int(grandchild.read_text())))


def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    noted = tmp_path / "child"
    code = (
        "import asyncio, sys\n"
        "from hotdash.host.children import Child\n"
        "inner = 'import os, sys, time; open(sys.argv[1], \"w\").write(str(os.getpid()))'\n"
        "command = (sys.executable, '-c', inner + '; time.sleep(60)', sys.argv[1])\n"
        "asyncio.run(Child('inner', command).keep())\n"
    )
    supervisor = subprocess.Popen([*python(code), str(noted)], stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: noted.exists() and bool(noted.read_text()))
    finally:
        supervisor.kill()
        supervisor.wait()
    wait_for(lambda: not is_alive(int(noted.read_text())))
