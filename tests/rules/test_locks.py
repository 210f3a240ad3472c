"""What is installed is exactly what was chosen (threats Y5)."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(\[[a-z,-]+\])?==([^\s;\\]+)", re.MULTILINE)
LISTS = ("requirements", "requirements-dev")


def pins(name: str) -> dict[str, str]:
    found = PIN.findall((ROOT / name).read_text())
    return {package.lower().replace("_", "-"): version for package, _, version in found}


@pytest.mark.parametrize("name", LISTS)
def test_every_locked_package_has_a_version_and_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / f"{name}.lock").read_text().strip())
    assert len(entries) > 20
    for entry in entries:
        assert PIN.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("name", LISTS)
def test_every_chosen_package_has_its_reason_above_and_its_version_in_the_lock(name: str) -> None:
    lines = (ROOT / f"{name}.txt").read_text().splitlines()
    for above, line in pairwise(lines):
        if PIN.match(line):
            assert above.startswith("# "), f"{line} has no reason"
    assert pins(f"{name}.txt").items() <= pins(f"{name}.lock").items()


def test_what_runs_is_what_was_tested() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_installing_checks_hashes_and_builds_nothing() -> None:
    installs = [
        line for line in (ROOT / "Makefile").read_text().splitlines() if " install " in line
    ]
    installs = [line for line in installs if "echo" not in line]
    assert installs
    for line in installs:
        assert "--require-hashes --only-binary :all:" in line


def test_no_debug_toolbar_is_installed() -> None:
    assert not {package for package in pins("requirements.lock") if "debug" in package}
