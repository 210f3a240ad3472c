"""A build whose runs take as long as a test wants."""

from pathlib import Path

from django.conf import settings

from hotdash.localapi.models import Run

SLOW = {
    "slow.py": """
import os, signal, time

from hotbuild import send, stream, tasks

def hold():
    stream(os.getpid(), "pid")
    while not os.path.exists("go"):
        time.sleep(0.02)
    return "done"

def tell_much():
    hold()
    send("much:told", "x" * 100_000)

def outer():
    return hold()

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


def let_go(*runs: Run) -> None:
    """End the holding of runs, in whatever execution they are."""
    for run in runs:
        for place in (Path(settings.DATA_DIR) / "runs").glob(f"*/*/{run.run_id}-*"):
            (place / "go").touch()
