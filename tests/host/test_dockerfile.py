"""The image: its steps taken in a fresh directory, its command run on a tree that is read-only."""

import http.client
import os
import re
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.host.dockerfile import Image, parsed, running, tools
from tests.household import ROOT
from tests.sockets import can_connect, free_port, wait_for

FILE = parsed((ROOT / "Dockerfile").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """The image, made once; pytest's own directories are closed to its user."""
    folder = Path(tempfile.mkdtemp(prefix="hotdash-image-"))
    folder.chmod(0o755)
    try:
        made = Image(folder / "root", FILE, tools(folder / "tools"))
        made.root.mkdir()
        made.make()
        yield made
    finally:
        if os.geteuid() != 0:  # a read-only directory has to be opened before it can go
            for path in folder.rglob("*"):
                if path.is_dir() and not path.is_symlink():
                    path.chmod(0o700)
        shutil.rmtree(folder)


@pytest.fixture
def ports() -> dict[str, str]:
    """Free ports, since the machine's own network stands for the container's."""
    return {"HOTDASH_PORT": str(free_port()), "HOTDASH_API_PORT": str(free_port())}


def answer(port: str, path: str, host: str = "localhost") -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)) as connection:
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        return response.status, response.read().decode()


def files(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_the_user_is_a_number_and_not_root() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", FILE.only("USER"))


def test_one_volume_holds_everything_that_is_kept() -> None:
    assert FILE.only("VOLUME") == FILE.environment()["HOTDASH_DATA_DIR"]


def test_only_the_dashboard_is_opened() -> None:
    assert "HOTDASH_API_HOST" not in FILE.environment()
    assert FILE.only("EXPOSE") == "4680"


def test_no_secret_and_no_argument_is_in_any_step() -> None:
    steps = [*FILE.build, *FILE.last]
    assert not [name for name, _ in steps if name in {"ARG", "ADD", "LABEL", "SHELL"}]
    assert not re.search(r"(?i)(secret|password|token|keys)=", str(steps))


def test_what_is_installed_is_hashed_and_the_last_stage_installs_nothing() -> None:
    installs = [rest for name, rest in FILE.build if name == "RUN" and " install " in rest]
    assert installs
    assert all("--require-hashes --only-binary :all: -r requirements.lock" in s for s in installs)
    assert not [rest for name, rest in FILE.last if re.search(r"\b(pip|apt|apt-get|curl)\b", rest)]
    bases = {rest.split()[0] for name, rest in (FILE.build[0], FILE.last[0])}
    assert len(bases) == 1, "bytecode and wheels are of the interpreter that runs them"
    assert "slim" in bases.pop()


def test_nothing_but_what_runs_is_copied(image: Image) -> None:
    names = {path.name for path in image.place.iterdir()}
    code = {"hotdash", "static", "staticfiles", "templates", "manage.py", "requirements.lock"}
    assert names == code
    assert list((image.root / "data").iterdir()) == []


def test_the_container_lives_on_its_volume_alone(image: Image, ports: dict[str, str]) -> None:
    before = files(image.root / "opt")
    words = image.root.parent / "words"
    with running(image, ports, words) as started:
        wait_for(lambda: "hotdash is up." in words.read_text() or started.poll() is not None, 120)
        assert started.poll() is None, words.read_text()
        web, api = ports["HOTDASH_PORT"], ports["HOTDASH_API_PORT"]
        assert answer(web, "/readyz") == (200, "ready\n")
        assert answer(web, "/accounts/login/")[0] == 200
        assert answer(web, "/accounts/login/", host="evil.test")[0] == 400
        # another address of this machine stands for the network of the container
        assert can_connect("127.0.0.2", int(web))
        assert not can_connect("127.0.0.2", int(api))
        assert image.run(FILE.health(), ports).returncode == 0
        wait_for(lambda: has_run(image.root / "data"), 60)
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=60) == 0
    assert image.run(FILE.health(), ports).returncode == 1
    assert files(image.root / "opt") == before
    for path in files(image.root / "data"):
        assert path.stat().st_uid == image.user[0]
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_second_container_finds_the_volume_of_the_first(
    image: Image, ports: dict[str, str]
) -> None:
    words = image.root.parent / "words-again"
    with running(image, ports, words) as started:
        wait_for(lambda: "hotdash is up." in words.read_text() or started.poll() is not None, 120)
        assert started.poll() is None, words.read_text()
        assert has_run(image.root / "data")


def test_a_volume_of_somebody_else_is_named(image: Image, ports: dict[str, str]) -> None:
    foreign = image.root.parent / "foreign"
    foreign.mkdir(mode=0o555)
    told = image.run(FILE.command(), ports | {"HOTDASH_DATA_DIR": str(foreign)})
    assert told.returncode == 1
    assert f"HOTDASH_DATA_DIR names {foreign}, into which this user (id" in told.stderr
    assert "Traceback" not in told.stderr + told.stdout


def test_the_tree_is_closed_to_the_user_of_the_image(image: Image) -> None:
    if os.geteuid() != 0:
        for path in [image.root / "opt", *files(image.root / "opt")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o555)
    told = image.run(["find", str(image.root / "opt"), "-writable", "-not", "-type", "l"], {})
    assert (told.returncode, told.stdout) == (0, "")


def has_run(data: Path) -> bool:
    """Whether a run of the sample has succeeded."""
    place = f"file:{data / 'api.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(place, uri=True, timeout=10)) as api:
        return bool(api.execute("SELECT 1 FROM run WHERE status = 'succeeded'").fetchone())
