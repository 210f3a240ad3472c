"""The embedded API under load, over HTTP: what it accepts, what it runs, how soon a run starts.

    python -m benchmarks.engine [--seconds 20] [--rate 250] [--every 5] [--database sqlite,postgres]

Publishes at a steady rate from a pool of clients; every fifth event starts a run of twenty traced
calls in a process of its own. Load and server share the machine. Then, idle, single events are
published one after the other, and the wait until their run started is taken.
"""

import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from benchmarks import programs
from benchmarks.installation import Installation, installation
from tests.sockets import wait_for

CLIENTS = 8
IDLE_EVENTS = 40
BUILD = {
    "work.py": """
from hotbuild import on_event

@on_event("work:wanted")
def on_work_wanted(work):
    return sum(step(number, work) for number in range(19))

def step(number, work):
    return number
"""
}
DATA = {"order": "A-20417", "lines": [{"sku": "MUG-1", "quantity": 2}], "note": "x" * 200}


@dataclass
class Load:
    """What a time of steady publishing came to."""

    publish_ms: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0
    finished: int = 0
    last_finished_s: float = 0.0  # after the last publish


class Pace:
    """Hands out the moments at which something is due, to many threads."""

    def __init__(self, rate: float, seconds: float) -> None:
        self._lock = threading.Lock()
        self._left = round(rate * seconds)
        self._gap = 1 / rate
        self._next = time.monotonic() + 0.2
        self.number = 0

    def take(self) -> int | None:
        """Wait for the next moment and return its number; None when all are taken."""
        with self._lock:
            if self.number >= self._left:
                return None
            number, due = self.number, self._next
            self.number += 1
            self._next += self._gap
        time.sleep(max(0.0, due - time.monotonic()))
        return number


def measure_load(place: Installation, client: httpx.Client, pace: Pace, every: int) -> Load:
    """Publish at a pace, and wait until every run is over."""
    before = _succeeded(client)
    load = measure_publishing(place, client, pace, every)
    published = time.monotonic()
    load.finished = (pace.number + every - 1) // every
    wait_for(lambda: _succeeded(client) >= before + load.finished, seconds=60)
    load.last_finished_s = time.monotonic() - published
    return load


def measure_publishing(place: Installation, client: httpx.Client, pace: Pace, every: int) -> Load:
    """Publish at a pace."""
    load = Load()
    threads = [
        threading.Thread(target=_publish, args=(place, client, pace, every, load))
        for _ in range(CLIENTS)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.monotonic() - began
    return load


def measure_start(client: httpx.Client) -> list[float]:
    """Return, for single events on an idle server, the ms from acceptance to the run's start."""
    waits = []
    for _ in range(IDLE_EVENTS):
        event = client.post("/events", json={"event_type": "work:wanted", "event_data": DATA})
        accepted = event.raise_for_status().json()["data"]
        run = _started_run(client, accepted["event_id"])
        waits.append((_time(run["start_time"]) - _time(accepted["created_at"])) * 1000)
        time.sleep(0.17)
    return waits


def _publish(place: Installation, client: httpx.Client, pace: Pace, every: int, load: Load) -> None:
    with httpx.Client(base_url=place.origin, headers=client.headers, timeout=30) as own:
        while (number := pace.take()) is not None:
            kind = "work:wanted" if number % every == 0 else "work:noted"
            began = time.perf_counter()
            try:
                answer = own.post("/events", json={"event_type": kind, "event_data": DATA})
                answer.raise_for_status()
            except httpx.HTTPError:
                load.errors += 1
            load.publish_ms.append((time.perf_counter() - began) * 1000)


def _succeeded(client: httpx.Client) -> int:
    stats = client.get("/runs/stats").raise_for_status().json()["data"]
    return int(stats["succeeded"])


def _started_run(client: httpx.Client, event_id: str) -> dict[str, str]:
    while True:
        runs = client.get(f"/events/{event_id}/runs").raise_for_status().json()["data"]
        if runs and runs[0]["status"] == "succeeded":
            run: dict[str, str] = runs[0]
            return run
        time.sleep(0.05)


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def main() -> int:
    """Print a table a database; return 1 if a request failed."""
    parser = programs.options(__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=250)
    parser.add_argument("--every", type=int, default=5)
    chosen = parser.parse_args()
    errors = 0
    for database in chosen.database.split(","):
        with (
            programs.address_of(database) as url,
            installation(url) as place,
            place.client() as client,
        ):
            place.deploy(client, BUILD)
            waits = measure_start(client)
            load = measure_load(place, client, Pace(chosen.rate, chosen.seconds), chosen.every)
            errors += load.errors
            _show(database, load, waits)
    return 1 if errors else 0


def _show(database: str, load: Load, waits: list[float]) -> None:
    finished = load.finished
    accepted = len(load.publish_ms) - load.errors
    rows = {
        "events accepted": f"{accepted / load.seconds:.0f}/s ({accepted:,}, {load.errors} errors)",
        "runs finished": f"{finished / (load.seconds + load.last_finished_s):.1f}/s ({finished:,})",
        "last run over after the last event": f"{load.last_finished_s * 1000:.0f} ms",
        "publish p50 / p99 / max": programs.in_ms(load.publish_ms, 0.5, 0.99, 1, digits=1),
        "idle: accepted to started p50 / p95": programs.in_ms(waits, 0.5, 0.95),
    }
    programs.show(database, rows)


if __name__ == "__main__":
    sys.exit(main())
