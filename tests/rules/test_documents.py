"""What the documents say can be followed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules import sources
from tests.rules.sources import ROOT, modules, name_of

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_to_a_file_leads_to_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{name_of(path)} links to {target}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_python_example_is_python(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for example in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        compile(example, name_of(path), "exec")


def test_every_section_of_the_contract_that_code_names_is_in_the_document() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    there = set(re.findall(r"^\| (\S+) \||^## (\d+)\.", text, flags=re.MULTILINE))
    sections = {name for pair in there for name in pair if name}
    for path, named in _cited(r"\(contract ((?:[Q0-9][0-9.]*(?:, )?)+)"):
        assert named <= sections, f"{name_of(path)} names {named - sections}"


def test_every_threat_that_code_names_is_in_the_document() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z]\d(?:, [A-Z]\d)*) \|", text, flags=re.MULTILINE)
    threats = {name for row in rows for name in row.split(", ")}
    for path, named in _cited(r"\bthreats ((?:[A-Z]\d(?:, )?)+)"):
        assert named <= threats, f"{name_of(path)} names {named - threats}"


# CONTRIBUTING names files that somebody is about to write
DESCRIBING = [path for path in DOCUMENTS if path.name != "CONTRIBUTING.md"]


@pytest.mark.parametrize("path", DESCRIBING, ids=name_of)
def test_every_named_file_of_the_code_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for named in re.findall(r"`((?:hotdash|templates|static|tests|benchmarks)/[\w./-]+)`", text):
        assert (ROOT / named).exists(), f"{name_of(path)} names {named}"


def _cited(pattern: str) -> Iterator[tuple[Path, set[str]]]:
    """The modules in which lists of numbers follow the pattern, each with all of its numbers."""
    is_cited = False
    for path in [*modules(), *sources.test_modules()]:
        lists = re.findall(pattern, path.read_text(encoding="utf-8"))
        if named := {name.strip(" ,.") for words in lists for name in words.split(",")} - {""}:
            is_cited = True
            yield path, named
    assert is_cited
