"""A Postgres server of the tests' own, gone when they end."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.sockets import free_port, wait_for

_INSTALL = "Postgres is missing: sudo apt install postgresql"


class Server:
    """A server that a test may stop and start; its data stay."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs, self._port = folder, programs, free_port()
        # initdb refuses root: the server then runs as the user that Debian's package makes
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its one database is."""
        return f"postgres://hotdash@127.0.0.1:{self._port}/hotdash"

    def make(self) -> None:
        """Make its files and its empty database."""
        options = ["-D", str(self._folder / "data"), "-U", "hotdash", "-A", "trust", "-N"]
        initdb = [str(self._programs / "initdb"), *options]
        quiet = subprocess.DEVNULL
        subprocess.run(initdb, check=True, user=self._user, cwd=self._folder, stdout=quiet)
        self.start()
        with psycopg.connect(self._url_of("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE hotdash")

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        options = ["-p", str(self._port), "-k", str(self._folder), "-c", "fsync=off"]
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self._folder / "data", *options],
            user=self._user,
            cwd=self._folder,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._takes_connections)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it without waiting for its clients to leave; SIGQUIT as in a crash."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def _takes_connections(self) -> bool:
        try:
            psycopg.connect(self._url_of("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _url_of(self, database: str) -> str:
        return self.url.removesuffix("hotdash") + database


@contextmanager
def stoppable_postgres() -> Iterator[Server]:
    """Give a fresh server; skip, with the remedy, without Postgres."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip(_INSTALL)
    folder = Path(tempfile.mkdtemp(prefix="hotdash-postgres-"))
    server = Server(folder, programs[-1])
    try:
        server.make()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def postgres_server() -> Iterator[str]:
    """Give the URL of an empty database on a fresh server; skip without Postgres."""
    with stoppable_postgres() as server:
        yield server.url
