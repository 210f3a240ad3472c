"""No path is called that is neither in the contract's transcript nor a named extension."""

import ast
import re
from pathlib import Path
from urllib.parse import urlsplit

import hotdash.gateway
from tests.contract.transcript import recorded

SOURCES = sorted(Path(hotdash.gateway.__path__[0]).glob("*.py"))
EXTENSIONS = {
    "/envs",  # operator
    "/api-keys",  # operator
    "/api-keys/*",  # operator
    "/runs/*/vars",  # the older generation's route, with calls in it
    "/runs/*/stream-data",
    "/env/quota",  # the older generation's
}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|demo|billing(-two)?|DATABASE_URL|NOPE|missing-project")


def test_every_path_is_in_the_contract_or_a_named_extension() -> None:
    known = {_pattern(exchange.path) for exchange in recorded()} | EXTENSIONS
    called = set().union(*(_called(source) for source in SOURCES))
    assert len(called) > 15
    assert called - known == set()


def test_every_named_extension_is_called() -> None:
    called = set().union(*(_called(source) for source in SOURCES))
    assert called >= EXTENSIONS


def test_paths_are_built_by_the_one_builder_alone() -> None:
    for source in SOURCES:
        if source.name in {"paths.py", "exchange.py"}:
            continue
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                assert not str(node.values[0].value).startswith("/"), (source.name, node.lineno)


def _pattern(url: str) -> str:
    path = urlsplit(url).path.removeprefix("/v1")
    return "/".join("*" if ID.fullmatch(part) else part for part in path.split("/"))


def _called(source: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        is_path = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "path"
        if is_path and isinstance(node, ast.Call):
            parts = [part.value if isinstance(part, ast.Constant) else "*" for part in node.args]
            found.add("/" + "/".join(map(str, parts)))
    return found
