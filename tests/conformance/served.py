"""An embedded API as a newcomer has it: a worker, an environment, a key, a deployed project."""

import hashlib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

from tests.localapi.server import command, serving, surroundings

_ROOT = Path(__file__).parents[2]
PROJECT = "sdk-fixture"
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """Where it answers, a key that may do everything in `development`, and what lies behind it."""

    origin: str
    token: str
    archive: Path
    database: Path

    @property
    def client(self) -> httpx.Client:
        """A plain client with that key."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.origin, headers=headers, trust_env=False, timeout=20)


@contextmanager
def serving_the_fixture(data: Path, source: Path, **variables: str) -> Iterator[Served]:
    """Serve a data directory in which the build of that directory is deployed and ready."""
    archive = data / "fixture.hot.zip"
    pack = command("pack", str(source), "-o", str(archive), "--project", PROJECT)
    subprocess.run(pack, env=surroundings(data), cwd=_ROOT, check=True, capture_output=True)
    with serving(data, **variables) as origin, (data / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            command("worker"), env=surroundings(data), cwd=_ROOT, stdout=log, stderr=log
        )
        try:
            served = Served(origin, _key(origin, data), archive, data / "api.sqlite3")
            _deploy(served)
            yield served
        finally:
            worker.terminate()
            worker.wait(30)


def _key(origin: str, data: Path) -> str:
    """Make the environment and a key of it, as hotdash does."""
    headers = {"Authorization": f"Bearer {(data / 'operator-key').read_text().strip()}"}
    with httpx.Client(base_url=origin, headers=headers, trust_env=False) as operator:
        wanted = {"org_id": str(uuid4()), "name": "development"}
        env_id = operator.post("/v1/envs", json=wanted).json()["data"]["env_id"]
        asked = {"env_id": env_id, "name": "conformance", "permissions": {"*:*": ["*"]}}
        return str(operator.post("/v1/api-keys", json=asked).json()["data"]["token"])


def _deploy(served: Served) -> None:
    content = served.archive.read_bytes()
    builds = f"/v1/projects/{PROJECT}/builds"
    with served.client as client:
        client.post("/v1/projects", json={"name": PROJECT}).raise_for_status()
        uploaded = client.post(
            builds,
            files={"file": ("fixture.hot.zip", content)},
            data={"hash": hashlib.sha256(content).hexdigest()},
        )
        build_id = uploaded.raise_for_status().json()["data"]["build_id"]
        client.post(f"{builds}/{build_id}/deploy").raise_for_status()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while client.get(f"{builds}/deployed").status_code != 200:
            assert time.monotonic() < deadline, client.get(f"{builds}/{build_id}").text
            time.sleep(0.1)
