"""`python -m hotdash.localapi`: what a person sees who starts it wrongly."""

import subprocess
from pathlib import Path

import httpx
import pytest

from tests.localapi.server import command, serving, surroundings
from tests.sockets import can_connect


def start(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=surroundings(data, **more),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("arguments", [(), ("serve",), ("--help",)])
def test_an_unknown_program_lists_those_that_are_known(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ended = start(tmp_path, *arguments)

    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: python -m hotdash.localapi api|worker|migrate|pack|")


@pytest.mark.parametrize("program", ["api", "worker"])
def test_production_without_a_ring_for_context_does_not_start(tmp_path: Path, program: str) -> None:
    ended = start(tmp_path, program, HOTDASH_PUBLIC_URL="https://hot.example")

    assert ended.returncode == 2
    assert ended.stderr.startswith("HOTDASH_API_KEYS is not set.")
    assert not (tmp_path / "api-keys").exists()


@pytest.mark.parametrize("program", ["api", "worker"])
@pytest.mark.parametrize(
    ("name", "value"),
    [("HOTDASH_FILE_MAX_MB", "0"), ("HOTDASH_FILES_QUOTA_MB", "-1"), ("HOTDASH_FILE_MAX_MB", "x")],
)
def test_a_limit_of_files_that_is_none_does_not_start(
    tmp_path: Path, program: str, name: str, value: str
) -> None:
    ended = start(tmp_path, program, **{name: value})

    assert ended.returncode == 2
    assert ended.stderr.startswith(name)


def test_by_default_only_this_machine_can_connect(tmp_path: Path) -> None:
    with serving(tmp_path) as origin:
        port = int(origin.rpartition(":")[2])

        assert can_connect("127.0.0.1", port)
        assert not can_connect("127.0.0.2", port)


def test_a_name_that_nobody_gave_is_not_answered(tmp_path: Path) -> None:
    with serving(tmp_path, HOTDASH_API_HOST="localhost") as origin:
        answers = [
            httpx.get(f"{origin}/status", headers={"Host": host}, trust_env=False).status_code
            for host in ("localhost", "hot.internal")
        ]

    assert answers == [200, 400]


@pytest.mark.parametrize("ring", ["x", "a:b", "a:" + "A" * 44 + "=", ","])
def test_a_ring_that_is_none_is_named(tmp_path: Path, ring: str) -> None:
    ended = start(tmp_path, "api", HOTDASH_API_KEYS=ring)

    assert ended.returncode == 2
    assert "HOTDASH_API_KEYS" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_packing_elsewhere_leaves_the_archive_and_nothing_else(tmp_path: Path) -> None:
    source, here = tmp_path / "shop", tmp_path / "here"
    source.mkdir()
    here.mkdir()
    (source / "orders.py").write_text(
        "from hotbuild import on_event\n\n\n@on_event('a')\ndef f(data):\n    return 1\n"
    )
    given = surroundings(tmp_path) | {"PYTHONPATH": str(Path.cwd())}
    del given["HOTDASH_DATA_DIR"]
    packed = subprocess.run(
        command("pack", str(source)),
        cwd=here,
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert packed.returncode == 0, packed.stderr
    assert sorted(path.name for path in here.iterdir()) == ["shop.hot.zip"]
    assert sorted(path.name for path in source.iterdir()) == ["orders.py"]
