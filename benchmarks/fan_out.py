"""Two hundred subscribers of one environment's stream: how soon each hears, and what that costs.

    python -m benchmarks.fan_out [--subscribers 200] [--rate 10] [--seconds 20]
                                 [--database sqlite,postgres]

The delay is from the moment in an event's id, which is when it was accepted, until a subscriber has
read its frame. Subscribers and server share the machine.
"""

import asyncio
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import httpx

from benchmarks import programs
from benchmarks.installation import Installation, installation
from tests.processes import children_of

PATIENCE = 120.0
_LONGEST = 500  # bytes of a frame up to its event's id
_CREATED = re.compile(rb'event:created\ndata: [^\n]{0,300}?"event_id": ?"([0-9a-f-]{36})"')


class Hearing(asyncio.Protocol):
    """What one subscriber heard: the delay of each event, in ms."""

    def __init__(self, authorization: str) -> None:
        self.delays: dict[bytes, float] = {}
        self.is_open = False
        self._authorization = authorization
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Subscribe."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  for the type
        transport.write(
            f"GET /v1/env/subscribe HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: {self._authorization}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take the moment of each event's frame."""
        self.is_open = self.is_open or b"\n:" in data
        now, end = time.time() * 1000, 0
        unread = self._unread + data
        for match in _CREATED.finditer(unread):
            self.delays[match[1]] = now - (UUID(match[1].decode()).int >> 80)
            end = match.end()
        self._unread = unread[max(end, len(unread) - _LONGEST) :]


async def measure(
    place: Installation, client: httpx.Client, count: int, rate: float, seconds: float
) -> tuple[list[Hearing], set[bytes], float]:
    """Return what all heard, what was published, and the share of a core that the API used."""
    authorization = client.headers["Authorization"]
    hearings = [Hearing(authorization) for _ in range(count)]
    connect = asyncio.get_running_loop().create_connection
    opened = [await connect(lambda one=one: one, "127.0.0.1", place.port) for one in hearings]  # type: ignore[misc]
    await _until(lambda: all(one.is_open for one in hearings))
    used, began = _processor_seconds(place), time.monotonic()
    published = await _publish(place, authorization, rate, seconds)
    await _until(lambda: all(len(one.delays) >= len(published) for one in hearings))
    share = (_processor_seconds(place) - used) / (time.monotonic() - began)
    for transport, _ in opened:
        transport.close()
    return hearings, published, share


async def _publish(
    place: Installation, authorization: str, rate: float, seconds: float
) -> set[bytes]:
    headers = {"Authorization": authorization}
    async with httpx.AsyncClient(base_url=place.origin, headers=headers, timeout=30) as client:

        async def one(number: int) -> bytes:
            body = {"event_type": "work:noted", "event_data": {"number": number}}
            answer = await client.post("/events", json=body)
            return str(answer.raise_for_status().json()["data"]["event_id"]).encode()

        first, sending = time.monotonic(), []
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, first + number / rate - time.monotonic()))
            sending.append(asyncio.create_task(one(number)))
        return set(await asyncio.gather(*sending))


async def _until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not claim() and time.monotonic() < deadline:  # noqa: ASYNC110  no event says it
        await asyncio.sleep(0.05)


def _processor_seconds(place: Installation) -> float:
    ticks = 0
    for pid in [place.pid("api"), *children_of(place.pid("api"))]:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(facts[11]) + int(facts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print what came of it; return 1 if a frame was missed."""
    parser = programs.options(__doc__)
    parser.add_argument("--subscribers", type=int, default=200)
    parser.add_argument("--rate", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    chosen = parser.parse_args()
    missed = 0
    for database in chosen.database.split(","):
        with (
            programs.address_of(database) as url,
            installation(url, HOTDASH_API_STREAMS="0") as place,
            place.client() as client,
        ):
            missed += _show(
                database,
                *asyncio.run(
                    measure(place, client, chosen.subscribers, chosen.rate, chosen.seconds)
                ),
            )
    return 1 if missed else 0


def _show(database: str, hearings: list[Hearing], published: set[bytes], share: float) -> int:
    missed = sum(len(published - one.delays.keys()) for one in hearings)
    delays = [delay for one in hearings for delay in one.delays.values()]
    rows = {
        "subscribers": f"{len(hearings)}",
        "events published": f"{len(published):,}",
        "frames read": f"{len(delays):,}",
        "missed": f"{missed:,}",
        "accepted to read, p50 / p95 / max": programs.in_ms(delays, 0.5, 0.95, 1),
        "processor of the API, of one core": f"{share:.0%}",
    }
    programs.show(database, rows)
    return missed


if __name__ == "__main__":
    sys.exit(main())
