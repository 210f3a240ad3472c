"""Handlers get and return large values whole; only how they are stored differs."""

import json
from pathlib import Path

import pytest

from hotdash.localapi import blobs
from hotdash.localapi.models import Blob, Event, Run
from tests.localapi.runtime.office import over
from tests.localapi.runtime.shop import Shop, result, whole

LARGE = 80_000
BUILD = {
    "big.py": """
from hotbuild import on_event, run, send, tasks

@on_event("big:wanted", retry=1, retry_delay=0)
def measure(data):
    if data.get("doomed") and run.attempt == 1:
        raise ValueError("once")
    return {"got": len(data["text"]), "text": data["text"][::-1]}

def size_of(text):
    return len(text)

def measure_beside(size):
    return tasks.start(size_of, "z" * size, retry=1)

def pass_on(size):
    send("big:wanted", {"text": "z" * size})
"""
}


@pytest.fixture
def big(deployed: Shop, stored: None) -> Shop:
    return deployed


def test_a_handler_gets_an_events_data_whole(big: Shop) -> None:
    event = big.publish("big:wanted", {"text": "ab" * LARGE})
    assert len(event.event_data) < 2_000
    (run,) = big.runs_of(event)
    assert whole(run) == {"got": 2 * LARGE, "text": "ba" * LARGE}
    assert len(run.result or "") < 2_000
    assert run.result_bytes == 2 * LARGE + len('{"got": 160000, "text": ""}')


def test_a_called_function_gets_its_arguments_whole(big: Shop) -> None:
    assert result(big.call("::big/size-of", "x" * LARGE)) == LARGE


def test_what_a_handler_sends_is_handed_on_whole(big: Shop) -> None:
    sender = big.call("::big/pass-on", LARGE)
    event = Event.objects.get(origin_run_id=sender.run_id)
    assert Blob.objects.filter(owner_id=event.event_id).count() == 1
    (run,) = big.runs_of(event)
    assert whole(run)["got"] == LARGE


def test_a_task_gets_its_arguments_whole(big: Shop) -> None:
    starter = big.call("::big/measure-beside", LARGE)
    task = over(result(starter))
    assert result(task.run) == LARGE
    assert Blob.objects.filter(owner_id=task.task_id).count() == 1
    assert len(task.arguments) < 2_000


def test_a_retry_has_large_values_of_its_own(big: Shop) -> None:
    event = big.publish("big:wanted", {"text": "x" * LARGE, "doomed": True})
    (failed,) = big.runs_of(event)
    assert failed.status == "failed"
    again = big.over(Run.objects.get(origin_run_id=failed.run_id))
    assert whole(again)["got"] == LARGE
    assert again.event_id != event.event_id
    owners = Blob.objects.filter(owner_id__in=[event.event_id, again.event_id])
    assert len({blob.owner_id for blob in owners}) == 2
    assert len({blob.content_id for blob in owners}) == 1


def test_a_small_result_is_stored_as_it_is(big: Shop) -> None:
    run = big.call("::big/size-of", "x")
    assert (run.result, run.result_bytes) == ("1", None)


def test_what_is_not_stored_after_all_leaves_nothing(big: Shop, data: Path) -> None:
    kept = Blob.objects.count()
    with blobs.Spill(json.dumps("y" * LARGE), big.environment.env_id, big.environment.env_id):
        pass
    assert Blob.objects.count() == kept
    assert not list((data / "incoming").glob("content-*"))
