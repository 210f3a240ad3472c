"""One fixture, `target`: each test of the suite runs once against each server."""

from collections.abc import Iterator

import pytest

from hotdash.gateway import known
from tests.contract import live
from tests.contract.embedded import embedded
from tests.contract.replay import older, platform
from tests.contract.targets import Target

FAKES = {"platform": platform, "older": older}
# a live server that is not named is left out here: a test that is skipped counts as missing
LIVE = ("live",) if live.URL and live.KEY else ()


@pytest.fixture(scope="session")
def embedded_target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with embedded(tmp_path_factory.mktemp("contract")) as made:
        yield made


@pytest.fixture(scope="session")
def live_target() -> Iterator[Target]:
    made = live.live()
    yield made
    made.transport.close()


@pytest.fixture(params=[*FAKES, "embedded", *LIVE])
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """Each server in turn, reached by the gateway."""
    yield from _reached(request)


@pytest.fixture(params=["embedded", *LIVE])
def server(request: pytest.FixtureRequest) -> Iterator[Target]:
    """Each server that is not a fake."""
    yield from _reached(request)


def _reached(request: pytest.FixtureRequest) -> Iterator[Target]:
    name: str = request.param
    made: Target = FAKES[name]() if name in FAKES else request.getfixturevalue(f"{name}_target")
    known.forget_all()
    with made.reached():
        yield made
    known.forget_all()
