"""Kills the embedded API and its worker under load, and counts what was lost.

    python -m benchmarks.kill [--rounds 20] [--what worker,api,both] [--database sqlite,postgres]

A client publishes 30 events a second and writes down the ids that were acknowledged. At random
moments a program is killed with SIGKILL and started again at once. At the end every acknowledged
event must be there with its one run, and every run must have ended exactly once.
"""

import argparse
import itertools
import random
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import httpx
import psycopg

from benchmarks.installation import Installation, installation
from tests.postgres import postgres_server

RATE = 30
TARGETS = {"worker": ("worker",), "api": ("api",), "both": ("api", "worker")}
BUILD = {
    "ticks.py": """
import time
from hotbuild import on_event

@on_event("tick")
def on_tick(tick):
    return step(tick["ms"])

def step(ms):
    time.sleep(ms / 1000)
    return ms
"""
}
# what the counters must say at the end, and what they say
_COUNTED = """
SELECT 'run', status || ' ' || run_type, count(*) FROM run GROUP BY 1, 2
UNION SELECT 'event', '', count(*) FROM event
UNION SELECT 'call', '', count(*) FROM call
"""
_TOLD = "SELECT noun, facet, sum(amount) FROM counter GROUP BY noun, facet"
Rows = Callable[[str], list[Any]]
COLUMNS = (
    *("database", "killed", "acknowledged", "missing", "without run", "unfinished"),
    *("ended twice", "run again", "given up", "back after median / max"),
)
_SETTLE_SECONDS = 600


@dataclass
class Tally:
    """What one series of kills came to; what `is_clean` names must be zero.

    Given up are runs that were interrupted three times, which the engine fails by its rule.
    """

    acknowledged: int = 0
    refused: int = 0
    executed_again: int = 0
    given_up: int = 0
    events_missing: int = 0
    events_without_run: int = 0
    runs_unfinished: int = 0
    ended_twice: int = 0
    miscounted: int = 0
    recovery_s: list[float] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost and nothing done twice."""
        return not (
            self.events_missing
            or self.events_without_run
            or self.runs_unfinished
            or self.ended_twice
            or self.miscounted
        )

    def cells(self) -> tuple[str, ...]:
        """Return the figures in the order of the table's columns."""
        counted = (
            *(self.acknowledged, self.events_missing, self.events_without_run),
            *(self.runs_unfinished, self.ended_twice, self.executed_again, self.given_up),
        )
        recovery = f"{median(self.recovery_s):.1f} / {max(self.recovery_s):.1f} s"
        return (*map(str, counted), recovery)


class Publisher:
    """A client that publishes steadily and remembers what was acknowledged."""

    def __init__(self, place: Installation, client: httpx.Client) -> None:
        self.ids: list[str] = []
        self.refused = 0
        self._client = httpx.Client(base_url=place.origin, headers=client.headers, timeout=10)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._publish)

    def __enter__(self) -> "Publisher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._client.close()

    def _publish(self) -> None:
        due = time.monotonic()
        while not self._is_over.is_set():
            tick = {"event_type": "tick", "event_data": {"ms": random.randrange(600)}}  # noqa: S311
            try:
                answer = self._client.post("/events", json=tick)
                self.ids.append(answer.raise_for_status().json()["data"]["event_id"])
            except httpx.HTTPError:
                self.refused += 1
            due += 1 / RATE
            time.sleep(max(0.0, due - time.monotonic()))


def kill_series(what: str, rounds: int, database_url: str = "") -> Tally:
    """Kill that often under load, wait until all is quiet, and count."""
    tally = Tally()
    with (
        installation(database_url) as place,
        place.client() as client,
        _rows(place, database_url) as rows,
    ):
        place.deploy(client, BUILD)
        with Publisher(place, client) as publisher:
            for _ in range(rounds):
                time.sleep(random.uniform(0.3, 1.5))  # noqa: S311  moments, not secrets
                tally.recovery_s.append(_kill_once(place, TARGETS[what], rows))
        tally.acknowledged, tally.refused = len(publisher.ids), publisher.refused
        _wait_until_quiet(client)
        _count(tally, client, publisher.ids, rows)
    return tally


def _kill_once(place: Installation, programs: tuple[str, ...], rows: Rows) -> float:
    """Return the seconds until the API answers and all that was interrupted runs again."""
    place.kill(*programs)
    began = time.monotonic()
    held = "SELECT DISTINCT worker FROM run WHERE status = 'running' AND worker IS NOT NULL"
    dead = ", ".join(f"'{name}'" for (name,) in rows(held)) or "''"
    for program in programs:
        place.start(program)
    place.wait_until_answering()
    interrupted = f"status = 'running' AND (worker IS NULL OR worker IN ({dead}))"
    while "worker" in programs and _count_of(rows, f"run WHERE {interrupted}"):
        time.sleep(0.02)
    return time.monotonic() - began


def _wait_until_quiet(client: httpx.Client) -> None:
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        stats = client.get("/runs/stats").raise_for_status().json()["data"]
        if not (stats["running"] or stats["pending"] or stats["pending_retry"]):
            return
        time.sleep(0.2)


def _count(tally: Tally, client: httpx.Client, ids: list[str], rows: Rows) -> None:
    for event_id in ids:
        if client.get(f"/events/{event_id}").status_code == 404:
            tally.events_missing += 1
        answer = client.get(f"/events/{event_id}/runs").raise_for_status()
        runs = answer.json()["data"]
        tally.events_without_run += len(runs) != 1
        lost = [run for run in runs if "worker lost" in str(run.get("result"))]
        tally.given_up += len(lost)
        tally.runs_unfinished += any(
            run["status"] != "succeeded" for run in runs if run not in lost
        )
    tally.executed_again = _count_of(rows, "run WHERE execution > 1")
    tally.ended_twice = _count_of(
        rows,
        "(SELECT body FROM note WHERE kind = 'run:stop' AND topic LIKE 'stream:%' "
        "GROUP BY topic, body HAVING count(*) > 1) AS twice",
    )
    tally.miscounted = _count_of(rows, f"({_COUNTED} EXCEPT {_TOLD}) AS differing")


def _count_of(rows: Rows, source: str) -> int:
    return int(rows(f"SELECT count(*) FROM {source}")[0][0])  # noqa: S608  our own words


@contextmanager
def _rows(place: Installation, url: str) -> Iterator[Rows]:
    """Give a function that returns the rows of a query, past the API."""
    opened: Any = (
        psycopg.connect(url, autocommit=True)
        if url
        else sqlite3.connect(place.data / "api.sqlite3", timeout=30)
    )
    try:
        yield lambda query: opened.execute(query).fetchall()
    finally:
        opened.close()


def main() -> int:
    """Print a table; return 1 if anything was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--what", default="worker,api,both")
    parser.add_argument("--database", default="sqlite,postgres")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is stopped, too
    _print_row(COLUMNS)
    is_clean = True
    series = itertools.product(chosen.database.split(","), chosen.what.split(","))
    for database, what in series:
        with postgres_server() if database == "postgres" else nullcontext("") as url:
            tally = kill_series(what, chosen.rounds, url)
        is_clean = is_clean and tally.is_clean
        _print_row((database, f"{what} x{chosen.rounds}", *tally.cells()))
    return 0 if is_clean else 1


def _print_row(cells: Sequence[str]) -> None:
    widths = (max(len(title), 11) for title in COLUMNS)
    print("  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
