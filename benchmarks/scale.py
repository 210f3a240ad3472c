"""Lists and counts of the embedded API over few runs and over many, asked in turns.

    python -m benchmarks.scale [--few 10000] [--many 1000000] [--requests 200]
                               [--database sqlite,postgres]

Two installations at once, so that whatever else the machine does slows both down. Aim: the p95 over
many at most twice that over few. Then `prune` deletes a tenth of the many while clients publish.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from benchmarks import programs
from benchmarks.engine import Load, Pace, measure_publishing
from benchmarks.installation import ROOT, Installation, installation, percentile

ASKED: Mapping[str, str] = {
    "list": "/runs",
    "list, 50 rows": "/runs?limit=50",
    "status=failed": "/runs?status=failed",
    "stats": "/runs/stats",
    "usage": "/org/usage",
    "events": "/events",
    "stats of 24 hours": "/runs/stats?time_range=PT24H",
}
AIMED = ("list", "status=failed", "stats")
PUBLISHED_PER_S = 100
PUBLISH_SECONDS = 15


@dataclass
class Place:
    """One installation, filled, and a client of it."""

    runs: int
    api: Installation
    client: httpx.Client
    ms: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, name: str) -> None:
        """Take the time of one request."""
        began = time.perf_counter()
        self.client.get(ASKED[name]).raise_for_status()
        self.ms.setdefault(name, []).append((time.perf_counter() - began) * 1000)

    def env_id(self) -> UUID:
        """Return the environment of the client's key."""
        return UUID(self.client.get("/env").raise_for_status().json()["data"]["env_id"])

    def fill(self) -> None:
        """Put the runs into the database."""
        self._run(
            sys.executable, "-m", "tests.localapi.filling", str(self.env_id()), str(self.runs)
        )

    def prune(self) -> subprocess.Popen[bytes]:
        """Begin to delete a tenth of the runs."""
        keep = str(self.runs - self.runs // 10)
        command = self.api.command("prune", "--days", "0", "--keep", keep)
        return subprocess.Popen(command, env=self.api.variables, cwd=ROOT)

    def _run(self, *command: str) -> None:
        subprocess.run(command, env=self.api.variables, cwd=ROOT, check=True)


@contextmanager
def places(database: str, counts: tuple[int, ...]) -> Iterator[list[Place]]:
    """Give an installation for each number of runs, filled."""
    with ExitStack() as opened:
        made = []
        for count in counts:
            url = opened.enter_context(programs.address_of(database))
            api = opened.enter_context(installation(url))
            place = Place(count, api, opened.enter_context(api.client()))
            began = time.monotonic()
            place.fill()
            print(f"  {count:,} runs in {time.monotonic() - began:.0f} s", flush=True)
            made.append(place)
        yield made


def measure(asked: list[Place], requests: int) -> None:
    """Ask each of all, in turns."""
    for _ in range(requests):
        for name in ASKED:
            for place in asked:
                place.ask(name)


def publish_while_pruning(place: Place) -> tuple[Load, Load, float]:
    """Return how publishing went alone and beside `prune`, and how long that took."""
    pace = Pace(PUBLISHED_PER_S, PUBLISH_SECONDS)
    alone = measure_publishing(place.api, place.client, pace, every=PUBLISHED_PER_S * 1000)
    pruning, began = place.prune(), time.monotonic()
    pace = Pace(PUBLISHED_PER_S, PUBLISH_SECONDS)
    beside = measure_publishing(place.api, place.client, pace, every=PUBLISHED_PER_S * 1000)
    if pruning.wait():
        raise SystemExit("prune failed")
    return alone, beside, time.monotonic() - began


def main() -> int:
    """Print a table a database; return 1 if the aim was missed."""
    parser = programs.options(__doc__)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=200)
    chosen = parser.parse_args()
    missed = False
    for database in chosen.database.split(","):
        print(f"\n{database}", flush=True)
        with places(database, (chosen.few, chosen.many)) as (few, many):
            measure([few, many], chosen.requests)
            missed |= _show(few, many)
            alone, beside, seconds = publish_while_pruning(many)
            rate = many.runs // 10 / seconds
            print(f"  prune: {rate:,.0f} runs/s; publish p50 / p99 / max", flush=True)
            for name, load in (("alone", alone), ("beside prune", beside)):
                figures = programs.in_ms(load.publish_ms, 0.5, 0.99, 1, digits=1)
                print(f"    {name:14} {figures}, {load.errors} errors", flush=True)
    return 1 if missed else 0


def _show(few: Place, many: Place) -> bool:
    print(f"  {'p50 / p95, ms':20}{few.runs:>16,}{many.runs:>16,}  p95 ratio")
    missed = False
    for name in ASKED:
        cells = [
            f"{percentile(place.ms[name], 0.5):.1f} / {percentile(place.ms[name], 0.95):.1f}"
            for place in (few, many)
        ]
        ratio = percentile(many.ms[name], 0.95) / percentile(few.ms[name], 0.95)
        missed |= name in AIMED and ratio > 2
        print(f"  {name:20}{cells[0]:>16}{cells[1]:>16}  {ratio:.2f}", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
