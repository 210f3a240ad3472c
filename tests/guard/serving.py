"""The dashboard in a process of its own, as `make run` serves it."""

import base64
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.sockets import can_connect, free_port, wait_for

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "HOTDASH_PUBLIC_URL": "https://hot.example",
    "HOTDASH_SECRET_KEY": "s" * 60,
    "HOTDASH_KEYS": "k1:" + base64.b64encode(b"k" * 32).decode(),
    "HOTDASH_API_KEYS": "k1:" + base64.b64encode(b"a" * 32).decode(),
}


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard; nothing is patched in it."""

    port: int
    data: Path
    pid: int

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        """Return the answer to a GET, read whole."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            answer.read()
            return answer

    def page(self, path: str, session: str = "") -> str:
        """Return the text of an answer, which may take as long as the slowest server may."""
        headers = {"Cookie": f"hotdash_session={session}"} if session else {}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)) as connection:
            connection.request("GET", path, headers=headers)
            return connection.getresponse().read().decode()

    def shout(self, text: bytes) -> http.client.HTTPResponse:
        """Return the answer to bytes that need be no HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(text)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            answer.read()
            return answer


@contextmanager
def dashboard(data: Path, settings: Mapping[str, str]) -> Iterator[Dashboard]:
    """Serve the dashboard with these variables and this data directory."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if "HOTDASH" not in name}
    env = clean | {"HOTDASH_DATA_DIR": str(data), "HOTDASH_PORT": str(port), **settings}
    prepare = [sys.executable, "-m", "hotdash.first_start", "prepare"]
    subprocess.run(prepare, cwd=ROOT, env=env, check=True, timeout=60)
    serve = [sys.executable, "-m", "hotdash.serve"]
    running = subprocess.Popen(serve, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: can_connect("127.0.0.1", port))
        yield Dashboard(port, data, running.pid)
    finally:
        running.terminate()
        running.wait(timeout=60)
