"""The embedded API of a household under `make run`, called with a key of its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

import httpx

from hotdash.first_start.sample import sample_events
from tests.household import Household
from tests.sockets import wait_for

_PUBLISHERS = 4
_OPEN = ("pending", "running")
_SLOW = "report:requested"  # streams for half a minute, which would be waited for in every round


@contextmanager
def development(house: Household) -> Iterator[httpx.Client]:
    """Give a client of the development environment that may do everything there."""
    operator = {
        "Authorization": f"Bearer {(house.data / 'operator-key').read_text().strip()}",
    }
    origin = f"http://127.0.0.1:{house.api_port}/v1"
    with httpx.Client(base_url=origin, headers=operator, timeout=30) as client:
        environments = client.get("/envs").raise_for_status().json()["data"]
        env_id = next(row["env_id"] for row in environments if row["name"] == "development")
        wanted = {"env_id": env_id, "name": "benchmark", "permissions": {"*:*": ["*"]}}
        token = client.post("/api-keys", json=wanted).raise_for_status().json()["data"]["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def fill(client: httpx.Client, wanted: int) -> int:
    """Publish the sample events in turn until there are so many runs, and all are over.

    Returns how many runs there are.
    """
    while (missing := wanted - counted(client)["total_runs"]) > 0:
        with ThreadPoolExecutor(_PUBLISHERS) as threads:
            # an event starts about one run: what is still missing is found in the next round
            batch = islice(cycle(_quick_events()), min(missing, 500))
            list(threads.map(lambda event: _publish(client, event), batch))
        wait_for(lambda: not any(counted(client)[status] for status in _OPEN), seconds=300)
    wait_for(lambda: not counted(client)["pending_retry"], seconds=300)
    return counted(client)["total_runs"]


def _quick_events() -> list[dict[str, Any]]:
    return [event for event in sample_events() if event["event_type"] != _SLOW]


def counted(client: httpx.Client) -> dict[str, int]:
    """Return how many runs there are in each state."""
    answer: dict[str, int] = client.get("/runs/stats").raise_for_status().json()["data"]
    return answer


def failed_run(client: httpx.Client) -> dict[str, str]:
    """Return a run that an event set off and that failed."""
    path = "/runs?status=failed&type=event&limit=1"
    run: dict[str, str] = client.get(path).raise_for_status().json()["data"][0]
    return run


def _publish(client: httpx.Client, event: dict[str, Any]) -> None:
    body = {"event_type": event["event_type"], "event_data": event["event_data"]}
    client.post("/events", json=body).raise_for_status()
