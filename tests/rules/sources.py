"""The files that the rules read."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "hotdash"
TEMPLATES = ROOT / "templates"


def modules(*, but: tuple[str, ...] = ("migrations", "samples")) -> Iterator[Path]:
    """Every module of hotdash, without what a machine wrote and what a user would write."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not set(but) & set(path.parts):
            yield path


def dashboard_modules() -> Iterator[Path]:
    """Every module but those of the embedded API."""
    return modules(but=("migrations", "samples", "localapi"))


def test_modules() -> Iterator[Path]:
    """Every module of the tests and benchmarks, without the builds that some of them deploy."""
    for folder in ("tests", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "build" not in path.parts:
                yield path


def templates() -> list[Path]:
    """Every template."""
    return sorted(TEMPLATES.rglob("*.html"))


def name_of(path: Path) -> str:
    """The path as a person writes it."""
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def places(pattern: str, paths: Iterator[Path] | list[Path]) -> list[str]:
    """Every line that matches, as `file:line`."""
    found = re.compile(pattern)
    return [
        f"{name_of(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]
