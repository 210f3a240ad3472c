"""Builds whose runs, or whose imports, take as long as a test wants."""

from functools import partial

from django.conf import settings

from hotdash.localapi.models import Build, Run
from hotdash.localapi.runtime.sources import unpacked
from tests.localapi import holding
from tests.localapi.holding import HOLD
from tests.sockets import wait_for

SLOW = {
    "slow.py": f"""
import os, signal, time

from hotbuild import send, stream, tasks
{HOLD}
def wait():
    stream(os.getpid(), "pid")
    hold()
    return "done"

def tell_much():
    wait()
    send("much:told", "x" * 100_000)

def outer():
    return wait()

def mark(seconds):
    stream(os.getpid(), "pid")
    time.sleep(seconds)
    return "done"

def long_at_first():
    is_first = os.getcwd().endswith("-1")  # the number of this execution
    return mark(100 if is_first else 0)

def begin():
    return tasks.start(long_at_first)

def kill_template():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
"""
}


# held while it is imported, but not while it is packed
HELD = """
import pathlib, time

place = pathlib.Path(__file__).parent
while "builds" in place.parts and not (place / "go").exists():
    time.sleep(0.02)

def answer():
    return 42
"""


def let_go(*runs: Run) -> None:
    """End the holding of runs, each once it is held."""
    for run in runs:
        execution = Run.objects.get(pk=run.pk).execution
        wait_for(partial(holding.is_held, settings.DATA_DIR, run.run_id, execution))
        holding.let_go(settings.DATA_DIR, run.run_id)


def let_import(build: Build) -> None:
    """End the holding of a build that is being imported, or will be."""
    (unpacked(build.build_id) / "go").touch()
