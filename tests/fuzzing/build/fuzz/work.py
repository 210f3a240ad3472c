"""Handlers that leave something of every kind behind: a result, a task, a blob, a long run."""

import time

from hotbuild import on_event, schedule, stream, tasks


@on_event("fuzz:quick")
def on_quick(data):
    """End well, with a word to whoever watches."""
    stream({"text": "hello"})
    return {"seen": data}


@on_event("fuzz:large")
def on_large(_data):
    """Return more than a row holds."""
    return {"text": "large " * 60_000}


@on_event("fuzz:slow")
def on_slow(_data):
    """Take longer than anybody waits: something to cancel."""
    time.sleep(280)


@on_event("fuzz:task")
def on_task(data):
    """Start a task that ends, or one that does not."""
    return tasks.start(wait if data.get("slow") else double, data.get("number", 1))


def double(number):
    """Return twice the number."""
    return 2 * number


def wait(_number):
    """Take longer than anybody waits."""
    time.sleep(280)


@schedule("0 3 1 1 *")
def yearly():
    """Be there to be listed."""
