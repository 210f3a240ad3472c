"""A Postgres server of the tests' own, gone when they end."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sockets import can_connect, free_port, wait_for

_INSTALL = "Postgres is missing: sudo apt install postgresql"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Give the URL of an empty database on a fresh server; skip, with the remedy, without Postgres.

    initdb refuses root: the server then runs as the user `postgres`, which Debian's package makes.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip(_INSTALL)
    folder = Path(tempfile.mkdtemp(prefix="hotdash-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()
    initdb = [str(programs[-1] / "initdb"), "-D", str(data), "-U", "hotdash", "-A", "trust", "-N"]
    subprocess.run(initdb, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    server = subprocess.Popen(
        [programs[-1] / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "fsync=off"],
        user=user,
        cwd=folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: can_connect("127.0.0.1", port), seconds=20)
        # listening is not yet ready: createdb is tried until it is
        createdb = ["-h", "127.0.0.1", "-p", str(port), "-U", "hotdash", "hotdash"]
        wait_for(
            lambda: (
                subprocess.run(
                    [programs[-1] / "createdb", *createdb], stderr=subprocess.DEVNULL, check=False
                ).returncode
                == 0
            ),
            seconds=20,
        )
        yield f"postgres://hotdash@127.0.0.1:{port}/hotdash"
    finally:
        server.send_signal(signal.SIGINT)  # TERM would wait for clients to leave
        server.wait()
        shutil.rmtree(folder)
