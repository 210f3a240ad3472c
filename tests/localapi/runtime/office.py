"""A build whose functions start tasks, and how tests look at what becomes of them."""

import json
from uuid import UUID

from hotdash.localapi.models import Note, Task
from tests.localapi.runtime.shop import Shop, result
from tests.sockets import wait_for

OFFICE = {
    "office/work.py": """
import time
from hotbuild import on_event, run, send, stream, tasks

def add(a, b):
    return {"sum": a + b, "task": run.task_id, "attempt": run.attempt}

@on_event("work:asked")
def asked(data):
    return {"task": tasks.start(add, data, 2)}

def give(name, arguments=(), options={}):
    return tasks.start(name, *arguments, **options)

def fail(words="no"):
    raise ValueError(words)

def sleep(seconds):
    time.sleep(seconds)

def work_out():
    if run.attempt == 1:
        raise ValueError("not yet")
    return f"attempt {run.attempt}"

def fail_then_sleep():
    if run.attempt == 1:
        raise ValueError("not yet")
    time.sleep(60)

def sleep_then_fail():
    if run.attempt == 1:
        time.sleep(60)
    raise ValueError("no")

def nest(depth):
    return tasks.start(nest, depth - 1) if depth else "deep enough"

def tell():
    send("work:done", {"by": run.task_id})

def stop(task_id, reason=""):
    return tasks.cancel(task_id, reason)

def start_and_stop(reason="not needed"):
    task = tasks.start(sleep, 60)
    return [task, tasks.cancel(task, reason), tasks.cancel(task)]

async def later(value):
    return value

def give_up(reason="", data=None):
    stream("before")
    try:
        run.cancel(reason, data)
    except Exception:
        return "held up"
    finally:
        stream("after")

def give_up_in_a_task():
    return tasks.start(give_up, "in a task")

@on_event("work:hopeless", retry=3)
def hopeless(data):
    run.cancel("it would fail again")

def give_up_with_an_object():
    run.cancel("odd", object())

async def give_up_later():
    run.cancel("async")
""",
}


def over(task_id: str | UUID) -> Task:
    """The task, once it is over."""
    rows = Task.objects.select_related("run")
    wait_for(lambda: rows.get(pk=task_id).status not in {"queued", "running"}, seconds=20)
    return rows.get(pk=task_id)


def given(office: Shop, function: str, *arguments: object, **options: object) -> Task:
    """A task of that function that somebody started, once it is over."""
    name = f"::office::work/{function}"
    return over(result(office.call("::office::work/give", name, arguments, options)))


def notes(task: Task, topic: str) -> list[tuple[str, dict[str, object]]]:
    """What subscribers of a topic were told about the task, in order."""
    rows = Note.objects.filter(topic=topic, kind__startswith="task:").order_by("id")
    told = [(row.kind, json.loads(row.body)) for row in rows]
    return [(kind, body) for kind, body in told if body["task_id"] == str(task.task_id)]
