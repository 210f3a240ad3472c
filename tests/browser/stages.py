"""Where two people act and watch: what is published there, and what its run says and leaves."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.browser.conducting import Turns
from tests.household import Household
from tests.replaying import recording
from tests.replaying.replayed import Replayed


@dataclass(frozen=True)
class Stage:
    """An environment and what happens in it; `go_on` lets its run do one more thing, of five."""

    home: str
    name: str
    event_type: str
    event_data: Any
    mark: re.Pattern[str]
    go_on: Callable[[], object]
    says: tuple[str, str]  # after three of them, and after four
    result: str
    is_traced: bool = False


def embedded(house: Household, turns: Turns) -> Stage:
    """The embedded API, and a report of four days."""
    return Stage(
        f"{house.url}/acme/development/",
        "development",
        "report:asked",
        {"days": 4, "turns": turns.url},
        re.compile("Live"),
        turns.give,
        ('"day": 3', "4 days read"),
        "orders",
        is_traced=True,
    )


def replayed(house: Household, server: Replayed) -> Stage:
    """A generation of the platform, and the one run that was recorded."""
    is_older = server.generation == "older"
    return Stage(
        f"{house.url}/acme/{server.generation}/",
        server.generation,
        recording.PUBLISHED["event_type"],
        {"file": "a.csv"},
        re.compile("Polling" if is_older else "Live"),
        server.go_on,
        ('"current": 2', '"current": 3'),
        "rows",
    )
