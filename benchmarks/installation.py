"""An embedded API of a benchmark's own: its two processes, one environment and one key."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.processes import children_of
from tests.sockets import free_port, wait_for

_READY = re.compile(r"worker (\S+:[0-9a-f]+) ready")
ROOT = Path(__file__).resolve().parents[1]


class Installation:
    """The processes over one data directory; each may be killed and started again."""

    def __init__(self, data: Path, database_url: str = "", **variables: str) -> None:
        self.data = data
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}/v1"
        self.variables = {
            "PATH": os.environ["PATH"],
            "HOTDASH_DATA_DIR": str(data),
            "HOTDASH_API_PORT": str(self.port),
            **variables,
        }
        if database_url:
            self.variables["HOTDASH_API_DATABASE_URL"] = database_url
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def migrate(self) -> None:
        """Make the tables and the operator key."""
        self.run("migrate")

    def run(self, *words: str) -> None:
        """Run one of the programs that end by themselves."""
        subprocess.run(self.command(*words), env=self.variables, cwd=ROOT, check=True)

    def command(self, *words: str) -> list[str]:
        """Return the command line of one of the embedded API's programs."""
        return [sys.executable, "-m", "hotdash.localapi", *words]

    def start(self, program: str) -> None:
        """Start `api`, `worker` or `worker-2`; what it says goes to a file beside the data."""
        with (self.data / f"{program}.log").open("ab") as log:
            self._running[program] = subprocess.Popen(
                self.command(program.partition("-")[0]),
                env=self.variables,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def pid(self, program: str) -> int:
        """Return the process id of a program."""
        return self._running[program].pid

    def worker_of(self, program: str) -> str | None:
        """Return the name under which a worker holds its runs; None for the API."""
        said = (self.data / f"{program}.log").read_text()
        return next(reversed(_READY.findall(said)), None)

    def kill(self, *programs: str) -> None:
        """Kill programs, and the processes that they started, without a word."""
        for program in programs:
            process = self._running.pop(program)
            for pid in [process.pid, *children_of(process.pid)]:
                _kill(pid)
            process.wait()

    def stop(self) -> None:
        """Stop whatever runs, as `make run` does."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait(30)

    def wait_until_answering(self) -> None:
        """Return when the API answers."""
        wait_for(self._answers, seconds=60)

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """Give a client with a key for everything in a fresh environment."""
        token = (self.data / "operator-key").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.origin, headers=headers, timeout=30) as client:
            environment = _made(client, "/envs", {"org_id": str(uuid4()), "name": "benchmark"})
            wanted = {
                "env_id": environment["env_id"],
                "name": "benchmark",
                "permissions": {"*:*": ["*"]},
            }
            key = _made(client, "/api-keys", wanted)["token"]
            client.headers["Authorization"] = f"Bearer {key}"
            yield client

    def deploy(self, client: httpx.Client, files: Mapping[str, str]) -> None:
        """Pack, upload and deploy a build of these modules."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "benchmark"
            place.mkdir()
            for name, text in files.items():
                (place / name).write_text(text)
            archive = Path(folder) / "benchmark.zip"
            subprocess.run(
                self.command("pack", str(place), "-o", str(archive)),
                env=self.variables,
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            content = archive.read_bytes()
        _made(client, "/projects", {"name": "benchmark"})
        uploaded = client.post(
            "/projects/benchmark/builds",
            files={"file": content},
            data={"hash": hashlib.sha256(content).hexdigest()},
        ).raise_for_status()
        build_id = uploaded.json()["data"]["build_id"]
        client.post(f"/projects/benchmark/builds/{build_id}/deploy").raise_for_status()
        wait_for(
            lambda: client.get("/projects/benchmark/builds/deployed").status_code == 200, seconds=60
        )

    def _answers(self) -> bool:
        try:
            address = self.origin.replace("/v1", "/status")
            return httpx.get(address, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def installation(
    database_url: str = "",
    programs: Sequence[str] = ("api", "worker"),
    within: Path | None = None,
    **variables: str,
) -> Iterator[Installation]:
    """Give a fresh installation with its programs running; stop and delete it afterwards."""
    with tempfile.TemporaryDirectory(prefix="hotdash-benchmark-", dir=within) as folder:
        made = Installation(Path(folder), database_url, **variables)
        made.migrate()
        try:
            for program in programs:
                made.start(program)
            made.wait_until_answering()
            yield made
        finally:
            made.stop()


def percentile(values: list[float], share: float) -> float:
    """Return the value below which that share of them lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _made(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = client.post(path, json=body).raise_for_status().json()["data"]
    return made


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        time.sleep(0)  # it went by itself, with its parent
