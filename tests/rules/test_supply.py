"""Every dependency is pinned, hashed, and has a reason."""

import re

import pytest

from tests.rules.sources import ROOT


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_line_of_a_lock_has_a_version_and_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith((" ", "#"))]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", line), line
        assert "--hash=sha256:" in line, line


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_exact_and_has_its_reason_above(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    for before, line in zip(["", *lines], lines, strict=False):
        if not line or line.startswith(("#", "-r ")):
            continue
        pin, _, marker = line.partition(" ; ")
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[0-9][\w.]*", pin), line
        assert re.fullmatch(r'(python_version < "[0-9.]+")?', marker), line
        assert before.startswith("# "), f"{line} has no reason"


def test_no_debug_toolbar_is_shipped() -> None:
    assert "debug-toolbar" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_what_runs_is_what_was_tested() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==[^\s;]+", (ROOT / name).read_text(), flags=re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_installing_checks_hashes_and_builds_nothing() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [line for line in makefile.splitlines() if "pip" in line and " install " in line]
    assert installs
    for line in installs:
        assert "--require-hashes --only-binary :all:" in line
