"""A run that eats the machine fails with its reason, and leaves nothing behind (threats R4)."""

from pathlib import Path

import pytest

from hotdash.localapi import engine
from hotdash.localapi.models import Run
from tests.localapi.runtime.shop import Shop, failure, marks, result, whole
from tests.processes import is_alive
from tests.sockets import wait_for

BUILD = {
    "hostile.py": """
import os, signal, subprocess, time

from hotbuild import on_event, send, stream

@on_event("chain:next")
def chain(number):
    send("chain:next", number + 1)

def bounds():
    import resource
    names = ("RLIMIT_DATA", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
    lines = [line.split() for line in open("/proc/self/status")]
    status = {line[0]: line[1] for line in lines if line[0] in ("NoNewPrivs:", "CapEff:")}
    return {name: resource.getrlimit(getattr(resource, name)) for name in names} | status

def busy():
    while True:
        pass

def hog():
    return len(bytearray(10 * 1024 ** 3))

def hoard():
    kept = []
    while True:
        kept.append(bytearray(1024 ** 2))

def threads():
    import threading
    done = []
    many = [threading.Thread(target=done.append, args=(n,)) for n in range(8)]
    [t.start() for t in many]
    [t.join() for t in many]
    return len(done)

def forks():
    for _ in range(50):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    stream(os.getpid(), "group")
    time.sleep(60)

def daemon():
    script = "setsid sleep 61 > /dev/null 2>&1 & echo $!"
    return int(subprocess.run(["/bin/sh", "-c", script], capture_output=True).stdout)

def flood():
    for number in range(100_000):
        stream("x" * 10_000, "noise")

def many_events():
    for number in range(2_000):
        send("nobody:cares", number)

def large(mib):
    return "x" * (mib * 1024 * 1024)

def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value

def crash(name):
    os.kill(os.getpid(), signal.Signals[name])

def leave():
    os._exit(5)

def big_file():
    with open("big", "wb") as file:
        file.truncate(1024 ** 3)
"""
}


@pytest.fixture
def hostile(deployed: Shop, stored: None) -> Shop:
    return deployed


def test_a_run_has_these_bounds_and_no_privilege(hostile: Shop) -> None:
    assert result(hostile.call("::hostile/bounds")) == {
        "RLIMIT_DATA": [160 * 2**20] * 2,
        "RLIMIT_CPU": [61, 61],
        "RLIMIT_FSIZE": [256 * 2**20] * 2,
        "RLIMIT_NOFILE": [256, 256],
        "RLIMIT_CORE": [0, 0],
        "NoNewPrivs:": "1",
        "CapEff:": "0" * 16,
    }


def test_runs_that_set_each_other_off_end_after_a_hundred(hostile: Shop) -> None:
    hostile.publish("chain:next", 1)
    chain = Run.objects.filter(environment=hostile.environment, ns="::hostile", var="chain")
    wait_for(lambda: chain.filter(status="failed").exists(), seconds=60)
    assert failure(chain.get(status="failed"))["msg"] == (
        "depth limit: 100 runs have set each other off by events"
    )
    assert chain.filter(status="succeeded").count() == 100
    assert chain.count() == 101


@pytest.mark.parametrize("function", ["hog", "hoard"])
def test_a_run_that_needs_too_much_memory_fails(hostile: Shop, function: str) -> None:
    run = hostile.call(f"::hostile/{function}")
    assert failure(run)["msg"] == "memory limit: the run needed more than 160 MB"
    assert failure(run)["err"]["type"] == "MemoryLimit"


def test_the_memory_limit_leaves_room_for_threads(hostile: Shop) -> None:
    assert result(hostile.call("::hostile/threads")) == 8


def test_fifty_forks_are_gone_with_their_run(hostile: Shop) -> None:
    run = hostile.start("::hostile/forks")
    wait_for(lambda: marks(run) != [])
    (group,) = marks(run)
    assert len(_in_group(group)) == 51
    assert engine.cancel(run.run_id)
    assert hostile.over(run).status == "cancelled"
    wait_for(lambda: _in_group(group) == [])


def test_a_daemon_that_a_run_leaves_is_gone(hostile: Shop) -> None:
    run = hostile.call("::hostile/daemon")
    assert run.status == "succeeded"
    pid = result(run)
    wait_for(lambda: not is_alive(pid))


def test_a_run_that_streams_without_end_is_ended(hostile: Shop) -> None:
    run = hostile.call("::hostile/flood")
    assert failure(run)["msg"] == "output limit: more than 8 MiB streamed"


def test_a_run_that_sends_too_many_events_is_ended(hostile: Shop) -> None:
    run = hostile.call("::hostile/many-events")
    assert failure(run)["msg"] == "output limit: more than 1,000 events sent"


def test_a_large_result_arrives_whole(hostile: Shop) -> None:
    run = hostile.call("::hostile/large", 20)
    assert run.status == "succeeded"
    assert len(whole(run)) == 20 * 1024 * 1024


def test_a_result_above_32_mib_is_refused(hostile: Shop) -> None:
    run = hostile.call("::hostile/large", 33)
    assert failure(run)["msg"] == "result too large: more than 32 MiB"


def test_a_result_may_be_64_levels_deep_and_no_more(hostile: Shop) -> None:
    assert hostile.call("::hostile/deep", 63).status == "succeeded"
    assert failure(hostile.call("::hostile/deep", 64))["msg"] == (
        "the result is nested deeper than 64"
    )


def test_a_crash_is_named_by_its_signal(hostile: Shop) -> None:
    assert failure(hostile.call("::hostile/crash", "SIGSEGV"))["msg"] == (
        "the run's process was ended by SIGSEGV"
    )


def test_too_much_processor_time_is_named(hostile: Shop) -> None:
    # by several threads at once, before as much time has passed
    assert failure(hostile.call("::hostile/crash", "SIGXCPU")) == {
        "msg": "time limit: the run used too much processor time",
        "err": {"type": "TimeLimit"},
    }


def test_an_exit_past_python_is_named_by_its_status(hostile: Shop) -> None:
    assert failure(hostile.call("::hostile/leave"))["msg"] == (
        "the run ended its own process with status 5"
    )


def test_a_file_may_not_grow_without_end(hostile: Shop) -> None:
    assert "File too large" in failure(hostile.call("::hostile/big-file"))["msg"]


def test_other_runs_go_on_meanwhile(hostile: Shop) -> None:
    busy = [hostile.start("::hostile/busy") for _ in range(4)]
    for run in busy:
        hostile.running(run)
    assert result(hostile.call("::hostile/threads")) == 8
    assert {hostile.running(run).status for run in busy} == {"running"}
    for run in busy:
        assert engine.cancel(run.run_id)
        assert hostile.over(run).status == "cancelled"


def _in_group(group: int) -> list[str]:
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if facts[0] != "Z" and int(facts[2]) == group:
            members.append(stat.parent.name)
    return members
