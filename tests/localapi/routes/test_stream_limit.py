"""How long streams last: as the setting says, and those of a run or task to its end."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotdash.localapi.models import Run
from tests.localapi import rows
from tests.localapi.frames import subscribed
from tests.localapi.server import command, serving, surroundings
from tests.localapi.tenants import Tenant


@pytest.fixture(scope="module")
def origin(data: Path, api: str) -> Iterator[str]:
    """A server whose streams last a second."""
    with serving(data, HOTDASH_API_STREAM_SECONDS="1") as origin:
        yield origin


def test_a_stream_says_that_its_time_is_up(there: Tenant) -> None:
    stream_id = there.publish()["stream_id"]

    with subscribed(there.client, f"/v1/streams/{stream_id}/subscribe") as stream:
        (frame,) = stream.rest()

    assert frame.data == {"type": "stream:complete", "stream_id": stream_id}


def test_so_does_one_that_published(there: Tenant) -> None:
    body = {"event_type": "order:placed", "event_data": 1}

    path = "/v1/streams/subscribe-with-event"
    with subscribed(there.client, path, method="POST", body=body) as stream:
        published, complete = stream.rest()

    assert complete.data == {
        "type": "stream:complete",
        "stream_id": published.data["stream_id"],
    }


def test_an_environment_ends_without_a_word(there: Tenant) -> None:
    with subscribed(there.client, "/v1/env/subscribe") as stream:
        assert stream.rest() == []


def test_a_run_is_watched_to_its_end(there: Tenant) -> None:
    run = rows.run(rows.build(there.project()["project_id"]), "running")

    with subscribed(there.client, f"/v1/runs/{run.run_id}/subscribe") as watched:
        watched.take(1)
        with subscribed(there.client, "/v1/env/subscribe") as stream:
            stream.rest()  # now the second is over
        Run.objects.filter(pk=run.pk).update(status="succeeded", result="1")
        body = json.dumps({"run_id": str(run.run_id)})
        rows.note(f"stream:{run.stream_id}", "run:stop", body)
        (frame,) = watched.rest()

    assert frame.data["run"]["status"] == "succeeded"


def test_a_limit_that_is_no_number_is_refused_at_the_start(data: Path) -> None:
    variables = surroundings(data, HOTDASH_API_STREAM_SECONDS="five minutes")

    start = subprocess.run(
        command("api"), env=variables, capture_output=True, text=True, check=False
    )

    assert start.returncode != 0
    assert "HOTDASH_API_STREAM_SECONDS must be a whole number, not 'five minutes'." in start.stderr
