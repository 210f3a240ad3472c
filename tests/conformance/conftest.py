"""The official SDK, fetched for this run, and an embedded API with the project that it expects."""

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.served import Served, serving_the_fixture

_HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution; pip compares its hash with the one in sdk.txt."""
    place = tmp_path_factory.mktemp("sdk")
    fetch = [
        *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download"),
        *("--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--require-hashes"),
        *("--dest", str(place), "--requirement", str(_HERE / "sdk.txt")),
    ]
    subprocess.run(fetch, check=True)
    (archive,) = place.glob("hot_dev-*.tar.gz")
    with tarfile.open(archive) as content:
        content.extractall(place, filter="data")
    return place / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An embedded API and a worker, with `sdk-fixture` deployed in `development`."""
    with serving_the_fixture(tmp_path_factory.mktemp("api"), _HERE / "build") as server:
        yield server


@pytest.fixture(scope="session")
def hot(sdk: Path, served: Served) -> Iterator[Any]:
    """The SDK's client, with a key that may do everything."""
    sys.path.insert(0, str(sdk / "src"))
    from hot import HotClient  # type: ignore[import-not-found]  # it is fetched for this run

    with (
        httpx.Client(timeout=20, trust_env=False) as client,
        HotClient(token=served.token, base_url=served.origin, client=client) as sdk_client,
    ):
        yield sdk_client
