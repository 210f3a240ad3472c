"""`python -m hotdash.localapi`: what a person sees who starts it wrongly."""

import subprocess
from pathlib import Path

import pytest

from tests.localapi.server import command, surroundings


def start(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=surroundings(data, **more),
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize("arguments", [(), ("serve",), ("--help",)])
def test_an_unknown_program_lists_those_that_are_known(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ended = start(tmp_path, *arguments)

    assert ended.returncode == 2
    assert ended.stderr == "usage: python -m hotdash.localapi api|worker|migrate|pack\n"


@pytest.mark.parametrize("program", ["api", "worker"])
def test_production_without_a_ring_for_context_does_not_start(tmp_path: Path, program: str) -> None:
    ended = start(tmp_path, program, HOTDASH_PUBLIC_URL="https://hot.example")

    assert ended.returncode == 2
    assert ended.stderr.startswith("HOTDASH_API_KEYS is not set.")
    assert not (tmp_path / "api-keys").exists()


@pytest.mark.parametrize("ring", ["x", "a:b", "a:" + "A" * 44 + "=", ","])
def test_a_ring_that_is_none_is_named(tmp_path: Path, ring: str) -> None:
    ended = start(tmp_path, "api", HOTDASH_API_KEYS=ring)

    assert ended.returncode == 2
    assert "HOTDASH_API_KEYS" in ended.stderr
    assert "Traceback" not in ended.stderr
