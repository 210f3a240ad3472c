"""What is sent to a Hot API is built and sent in one place."""

import ast
from uuid import UUID

import pytest

from hotdash.gateway.errors import Refused
from hotdash.gateway.paths import identifier, named, path
from tests.rules.sources import PACKAGE, dashboard_modules, name_of, parsed

GATEWAY = sorted((PACKAGE / "gateway").glob("*.py"))
BUILDER = "hotdash/gateway/paths.py"


def test_no_path_is_put_together_outside_its_builder() -> None:
    assert len(GATEWAY) > 20
    for module in GATEWAY:
        if name_of(module) == BUILDER:
            continue
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.JoinedStr) and node.values:
                first = node.values[0]
                text = first.value if isinstance(first, ast.Constant) else ""
                assert not str(text).startswith("/"), f"{name_of(module)}:{node.lineno}"


def test_the_client_is_imported_in_the_gateway_alone() -> None:
    for module in dashboard_modules():
        for node in ast.walk(parsed(module)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if any(name.split(".")[0] in {"httpx", "httpcore"} for name in names):
                assert module in GATEWAY, name_of(module)


@pytest.mark.parametrize("odd", ["..", "%2e%2e", "a/b", "", ".", "a\\b", "a?b", "a#b", "a\nb"])
def test_an_odd_id_or_name_is_unknown_before_there_is_a_path(odd: str) -> None:
    for checked in (identifier, named):
        with pytest.raises(Refused) as refusal:
            checked(odd)
        assert refusal.value.status == 404


def test_what_was_not_checked_does_not_become_a_path() -> None:
    with pytest.raises(ValueError, match="was not checked"):
        path("projects", "My project")


def test_a_checked_id_and_name_do() -> None:
    run_id = UUID("018f0000-0000-7000-8000-000000000000")
    assert path("runs", identifier(str(run_id))) == f"/runs/{run_id}"
    assert path("projects", named("läden & co")) == "/projects/l%C3%A4den%20%26%20co"
