"""Two hundred pages that watch one environment: how soon they hear, and what they cost.

    python -m benchmarks.live [--viewers 200] [--rate 10] [--seconds 20]

A dashboard in processes of its own, as `make run` serves it; ten people with twenty pages each. A
small Hot API and all pages are in this process and share the machine with it: what is measured is
the time from the moment at which a frame is sent to the hub until it is read at a page.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from benchmarks.installation import percentile
from tests.live.page import until
from tests.live.sockets import House, house
from tests.processes import children_of

PEOPLE = 10
PATIENCE = 60.0


@dataclass
class Watching:
    """One page: when it read which run's nudge."""

    heard: dict[tuple[str, str], float] = field(default_factory=dict)
    is_ready: bool = False
    has_ended: bool = False

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Read frames as they come; only the moment of each nudge is kept."""
        while line := await reader.readline():
            self.is_ready = self.is_ready or line == b"event: refetch\n"
            self.has_ended = self.has_ended or line == b"event: bye\n"
            if line.startswith(b'data: {"kind":"run"'):
                words = line.split(b'"')
                self.heard[words[7].decode(), words[11].decode()] = time.monotonic()


@asynccontextmanager
async def page(home: House, name: str) -> AsyncIterator[Watching]:
    """Open one page's stream."""
    reader, writer = await asyncio.open_connection("127.0.0.1", home.dashboard.port)
    writer.write(
        f"GET /live/?topic=env:{home.environment} HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: hotdash_session={home.sessions[name]}\r\n\r\n".encode()
    )
    watching = Watching()
    reading = asyncio.create_task(watching.read(reader))
    try:
        yield watching
    finally:
        reading.cancel()
        writer.close()


async def publish(home: House, rate: float, seconds: float) -> dict[tuple[str, str], float]:
    """Start and end runs at a pace; return when each frame was sent."""
    sent = {}
    first = time.monotonic()
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, first + number / rate - time.monotonic()))
        run_id = str(uuid4())
        for event, status in (("run:start", "running"), ("run:stop", "succeeded")):
            sent[run_id, status] = time.monotonic()
            home.api.push(event, run_id=run_id)
    return sent


async def ending(act: Callable[[], object], pages: Sequence[Watching]) -> str:
    """Return how long after the act the last of these pages' streams has ended."""
    began = time.monotonic()
    await asyncio.to_thread(act)
    await until(lambda: all(each.has_ended for each in pages), PATIENCE)
    return f"{time.monotonic() - began:.1f} s"


def resident_kb(home: House) -> int:
    """Return the memory of the process that serves."""
    [worker] = children_of(home.dashboard.pid)
    status = Path(f"/proc/{worker}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def cpu_seconds(home: House) -> float:
    """Return the processor time of the process that serves."""
    [worker] = children_of(home.dashboard.pid)
    fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def measure(home: House, viewers: int, rate: float, seconds: float) -> list[tuple[str, str]]:
    """Return the rows of the table."""
    names = [home.enter(f"person{number}") for number in range(PEOPLE)]
    async with page(home, names[0]) as warm:
        await until(lambda: warm.is_ready, PATIENCE)
    before = resident_kb(home)
    async with AsyncExitStack() as stack:
        pages = [
            await stack.enter_async_context(page(home, names[number % PEOPLE]))
            for number in range(viewers)
        ]
        await until(lambda: all(each.is_ready for each in pages), PATIENCE)
        await until(lambda: home.api.subscribers == 1, PATIENCE)
        idle, busy = resident_kb(home), cpu_seconds(home)
        sent = await publish(home, rate, seconds)
        await asyncio.sleep(2)
        busy = cpu_seconds(home) - busy
        subscriptions = home.api.subscribers
        after = resident_kb(home)
        lost = await ending(lambda: home.tell("role", names[0], "viewer"), pages[::PEOPLE])
        stopped = await ending(lambda: os.kill(home.dashboard.pid, signal.SIGTERM), pages)
    waits = [
        (each.heard[f] - at) * 1000 for each in pages for f, at in sent.items() if f in each.heard
    ]
    missed = sum(len(sent.keys() - each.heard.keys()) for each in pages)
    return [
        ("viewers", str(viewers)),
        ("frames sent by the server", str(len(sent))),
        ("frames read by viewers", f"{len(waits):,}"),
        ("missed", str(missed)),
        ("subscriptions of the topic", str(subscriptions)),
        ("frame at the viewer, p50", f"{percentile(waits, 0.5):.1f} ms"),
        ("frame at the viewer, p95", f"{percentile(waits, 0.95):.1f} ms"),
        ("slowest", f"{max(waits):.1f} ms"),
        ("memory per viewer, idle", f"{(idle - before) / viewers:.0f} kB"),
        ("memory per viewer, under load", f"{(after - before) / viewers:.0f} kB"),
        ("processor, of one core", f"{busy / seconds:.0%}"),
        ("a lost right: until the person's streams have ended", lost),
        ("a stop: until all streams have ended", stopped),
    ]


def main() -> int:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--viewers", type=int, default=200)
    asked.add_argument("--rate", type=float, default=10.0)
    asked.add_argument("--seconds", type=float, default=20.0)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="hotdash-live-") as folder, house(Path(folder)) as home:
        rows = asyncio.run(measure(home, wanted.viewers, wanted.rate, wanted.seconds))
    print("| what | measured |\n| --- | --- |")
    for what, measured in rows:
        print(f"| {what} | {measured} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
