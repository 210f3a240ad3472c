"""Sizes as budgets: what outgrows one is two things."""

import ast

import pytest

from tests.rules import sources
from tests.rules.sources import ROOT, modules, name_of, parsed

FUNCTION, MODULE, STYLE, SCRIPT = 30, 250, 120, 80
# one table each, which is read as a whole: a line of it stands for a test or more
TABLES = {"tests/localapi/contract/table.py", "tests/rules/test_access.py"}


def test_a_module_fits() -> None:
    for path in [*modules(), *sources.test_modules()]:
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= MODULE or name_of(path) in TABLES, f"{name_of(path)} has {lines} lines"


def test_a_function_fits() -> None:
    for path in modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = _lines(node)
                assert lines <= FUNCTION, f"{name_of(path)}: {node.name} has {lines} lines"


@pytest.mark.parametrize(
    ("pattern", "longest"), [("static/css/components/*.css", STYLE), ("static/js/*.js", SCRIPT)]
)
def test_a_stylesheet_and_a_script_fit(pattern: str, longest: int) -> None:
    files = sorted(ROOT.glob(pattern))
    assert files
    for path in files:
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= longest, f"{name_of(path)} has {lines} lines"


def test_no_file_is_named_for_nothing() -> None:
    banned = {"utils", "helpers", "common", "misc", "manager", "info"}
    assert [name_of(path) for path in modules() if path.stem in banned] == []


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of the code itself: neither the promise nor the arguments count."""
    body = node.body
    if ast.get_docstring(node) is not None:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
