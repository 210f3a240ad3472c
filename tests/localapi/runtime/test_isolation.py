"""A run reaches its own files and processes, and no others (threats R2, R3).

What a kernel cannot refuse is not refused, and then hotdash says so: each test knows from which
version of Landlock on its claim holds.
"""

import json
import os
import socket
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import hotdash
from hotdash.host import landlock
from hotdash.localapi import engine
from hotdash.localapi.archives import storage
from hotdash.localapi.credentials import operator_key
from hotdash.localapi.models import Build, StreamData
from hotdash.localapi.runtime import sources
from tests.localapi.runtime.shop import Shop, result
from tests.localapi.runtime.workers import WorkerProcess
from tests.sockets import wait_for

FILES, TRUNCATION, SIGNALS = 1, 3, 6  # the version of Landlock that each came with
BUILD = {
    "prying.py": """
import errno, os, signal, socket, subprocess, time

from hotbuild import stream

def tried(act):
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"

def read(path):
    return tried(lambda: os.listdir(path) if os.path.isdir(path) else open(path, "rb").close())

AT_IMPORT = {name: read(name) for name in ("/etc/group", "/var", "/root", "/usr/lib")}

def at_import():
    return AT_IMPORT

def write(path):
    return tried(lambda: open(path, "ab").close())

def truncate(path):
    return tried(lambda: os.truncate(path, os.stat(path).st_size))

def rename(path):
    return tried(lambda: os.rename(path, path + ".mine"))

def link(path):
    return tried(lambda: os.link(path, "mine"))

def signals(pid):
    return tried(lambda: os.kill(pid, signal.SIGCONT))

def signals_its_template():
    return tried(lambda: os.kill(os.getppid(), signal.SIGCONT))

def connects(name):
    with socket.socket(socket.AF_UNIX) as connection:
        return tried(lambda: connection.connect("\\0" + name))

def through_a_program(path):
    return subprocess.run(["/bin/cat", path], capture_output=True).returncode

def looks_into_others():
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if int(pid) != os.getpid() and is_program(pid):
            for name in ("environ", "mem", "maps", "fd/0", "fd/1", "fd/2", "cwd/x", "root/etc"):
                found.setdefault(read(f"/proc/{pid}/{name}"), set()).add(int(pid))
    return found

def is_program(pid):  # not one of the kernel's threads, which have nothing to look into
    try:
        return bool(open(f"/proc/{pid}/cmdline").read())
    except OSError:
        return False

def stay():
    with open("secret", "w") as file:
        file.write("mine")
    stream(os.getcwd(), "place")
    time.sleep(60)
"""
}
# below the data directory, or anywhere
FOREIGN = (
    *("api.sqlite3", "api-keys", "operator-key", ".", "builds", "runs"),
    *(hotdash.__file__, "/etc/passwd", "/etc", "/run", "/home", "/var"),
)


@pytest.fixture
def prying(deployed: Shop, stored: None) -> Shop:
    return deployed


def assert_refused(outcome: Any, since: int) -> None:
    """Hold that it was refused; where this kernel cannot, that it was not, as hotdash then says."""
    if landlock.version() >= since:
        assert outcome in {"EACCES", "EPERM", "EXDEV"}
    else:
        assert outcome == "done", f"Landlock {landlock.version()} was not known to refuse this"


@pytest.mark.parametrize("foreign", FOREIGN)
def test_what_is_not_the_runs_own_cannot_be_read(prying: Shop, data: Path, foreign: str) -> None:
    operator_key.ensure()
    for name in ("api-keys", "api.sqlite3"):  # there, also where this session needs them not
        (data / name).touch()
    assert_refused(result(prying.call("::prying/read", str(data / foreign))), FILES)


@pytest.mark.parametrize("act", ["write", "truncate", "rename", "link"])
@pytest.mark.parametrize("whose", ["the database", "its build", "its archive", "Python"])
def test_what_is_not_in_its_scratch_cannot_be_changed(
    prying: Shop, data: Path, act: str, whose: str
) -> None:
    build = Build.objects.filter(project=prying.project).latest("created_at")
    target = {
        "the database": data / "api.sqlite3",
        "its build": sources.unpacked(build.build_id) / "prying.py",
        "its archive": storage.path_of(build.build_id),
        "Python": Path(os.__file__),
    }[whose]
    target.touch()
    since = TRUNCATION if act == "truncate" else FILES
    if landlock.version() >= since:  # or it would be done
        assert_refused(result(prying.call(f"::prying/{act}", str(target))), since)
    assert target.exists()


def test_the_import_of_a_build_reaches_no_further_than_its_runs(prying: Shop) -> None:
    found = result(prying.call("::prying/at-import"))
    assert found.pop("/usr/lib") == "done"
    for outcome in found.values():
        assert_refused(outcome, FILES)


@pytest.mark.parametrize("is_same_build", [True, False], ids=["same build", "another build"])
def test_another_runs_scratch_cannot_be_read(prying: Shop, is_same_build: bool) -> None:
    other = prying.start("::prying/stay")
    wait_for(lambda: StreamData.objects.filter(run_id=other.run_id).exists())
    place = Path(json.loads(StreamData.objects.get(run_id=other.run_id).payload))
    assert (place / "secret").read_text() == "mine"
    if not is_same_build:
        prying.deploy(BUILD)
    for path in (place, place / "secret"):
        assert_refused(result(prying.call("::prying/read", str(path))), FILES)
    engine.cancel(other.run_id)
    assert prying.over(other).status == "cancelled"


def test_no_other_process_can_be_looked_into(prying: Shop, worker: WorkerProcess) -> None:
    found = result(prying.call("::prying/looks-into-others"))
    ours = {worker.process.pid, *worker.templates()}
    assert set().union(*found.values()) >= ours, "it sees that they are there"
    reached = set(found.pop("done", ()))
    assert not reached & ours, "ours refuse it on any kernel"
    assert not reached or landlock.version() < FILES
    assert set(found) <= {"EACCES", "EPERM", "ENOENT", "ESRCH"}, "the last two: just gone"


def test_no_other_process_can_be_signalled(prying: Shop, worker: WorkerProcess) -> None:
    assert_refused(result(prying.call("::prying/signals-its-template")), SIGNALS)
    for pid in (worker.process.pid, os.getpid()):
        assert_refused(result(prying.call("::prying/signals", pid)), SIGNALS)


def test_no_abstract_socket_of_another_process_can_be_reached(prying: Shop) -> None:
    name = f"hotdash-{uuid4()}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"\0{name}")
        listener.listen()
        assert_refused(result(prying.call("::prying/connects", name)), SIGNALS)


def test_a_program_that_a_run_starts_reaches_no_further(prying: Shop, data: Path) -> None:
    assert result(prying.call("::prying/through-a-program", "/usr/lib/os-release")) == 0
    code = result(prying.call("::prying/through-a-program", str(data / "operator-key")))
    assert (code != 0) is (landlock.version() >= FILES)
