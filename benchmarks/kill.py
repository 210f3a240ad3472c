"""Kills the embedded API and its worker under load, and counts what was lost.

    python -m benchmarks.kill [--rounds 30] [--what any] [--database sqlite,postgres] [--workers 2]

A client publishes 30 events a second and writes down the ids that were acknowledged, another
uploads files in parts. At random moments programs are killed with SIGKILL and started again at
once. At the end every acknowledged event must be there with its one run, every run must have ended
exactly once, and every upload must have become its file.
"""

import itertools
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import httpx
import psycopg

from benchmarks import programs
from benchmarks.installation import Installation, installation
from benchmarks.kill_clients import Publisher, Uploader

TARGETS = ("any", "api", "worker", "all")
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
    *("ended twice", "stuck", "miscounted", "run again", "given up"),
    *("uploads", "resumed", "lost"),
    "back after median / max",
)
_SETTLE_SECONDS = 600
_STUCK_SECONDS = 10


@dataclass
class Tally:
    """What one series of kills came to; what `is_clean` names must be zero.

    Given up are runs that were interrupted three times, which the engine fails by its rule. Stuck
    are runs that nobody had taken over ten seconds after the restart.
    """

    acknowledged: int = 0
    refused: int = 0
    executed_again: int = 0
    given_up: int = 0
    events_missing: int = 0
    events_without_run: int = 0
    runs_unfinished: int = 0
    ended_twice: int = 0
    runs_stuck: int = 0
    uploads: int = 0
    uploads_resumed: int = 0
    uploads_lost: list[str] = field(default_factory=list)
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
            or self.runs_stuck
            or self.uploads_lost
            or self.miscounted
        )

    def cells(self) -> tuple[str, ...]:
        """Return the figures in the order of the table's columns."""
        counted = (
            *(self.acknowledged, self.events_missing, self.events_without_run),
            *(self.runs_unfinished, self.ended_twice, self.runs_stuck),
            *(self.miscounted, self.executed_again, self.given_up),
            *(self.uploads, self.uploads_resumed, len(self.uploads_lost)),
        )
        recovery = f"{median(self.recovery_s):.1f} / {max(self.recovery_s):.1f} s"
        return (*map(str, counted), recovery)


def kill_series(what: str, rounds: int, database_url: str = "", workers: int = 1) -> Tally:
    """Kill that often under load, wait until all is quiet, and count.

    `what` is one of TARGETS; `any` kills another choice of programs each time.
    """
    tally = Tally()
    names = ["worker", *(f"worker-{number}" for number in range(2, workers + 1))]
    with (
        installation(database_url, ("api", *names)) as place,
        place.client() as client,
        _rows(place, database_url) as rows,
    ):
        place.deploy(client, BUILD)
        with Publisher(place, client) as publisher, Uploader(place, client) as uploader:
            for _ in range(rounds):
                time.sleep(random.uniform(0.3, 1.5))  # noqa: S311  moments, not secrets
                _kill_once(tally, place, _chosen(what, names), rows)
        tally.acknowledged, tally.refused = len(publisher.ids), publisher.refused
        tally.uploads, tally.uploads_resumed = uploader.completed, uploader.interrupted
        tally.uploads_lost = uploader.lost
        _wait_until_quiet(client)
        _count(tally, client, publisher.ids, rows)
    return tally


def _chosen(what: str, workers: list[str]) -> list[str]:
    if what == "any":
        everything = ["api", *workers]
        return random.sample(everything, random.randint(1, len(everything)))  # noqa: S311
    return {"api": ["api"], "worker": workers, "all": ["api", *workers]}[what]


def _kill_once(tally: Tally, place: Installation, programs: list[str], rows: Rows) -> None:
    """Kill, start again, note how long it took until what was interrupted runs again."""
    dead = [name for name in map(place.worker_of, programs) if name]
    place.kill(*programs)
    began = time.monotonic()
    for program in programs:
        place.start(program)
    place.wait_until_answering()
    back = time.monotonic()
    names = ", ".join(f"'{name}'" for name in dead) or "''"
    interrupted = f"run WHERE status = 'running' AND (worker IS NULL OR worker IN ({names}))"
    while dead and (count := _count_of(rows, interrupted)):
        if time.monotonic() > back + _STUCK_SECONDS:
            tally.runs_stuck += count
            break
        time.sleep(0.02)
    tally.recovery_s.append(time.monotonic() - began)


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
    parser = programs.options(__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--what", default="any", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    _print_row(COLUMNS)
    is_clean = True
    series = itertools.product(chosen.database.split(","), chosen.what.split(","))
    for database, what in series:
        with programs.address_of(database) as url:
            tally = kill_series(what, chosen.rounds, url, chosen.workers)
        is_clean = is_clean and tally.is_clean
        _print_row((database, f"{what} x{chosen.rounds}", *tally.cells()))
        print("\n".join(tally.uploads_lost), end="")
    return 0 if is_clean else 1


def _print_row(cells: Sequence[str]) -> None:
    widths = (max(len(title), 8) for title in COLUMNS)
    print("  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
