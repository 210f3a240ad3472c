"""GET /openapi.json: it holds by the specification, and it says what the routes do."""

from collections import Counter
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from hotdash.localapi import schemas
from tests.localapi.contract import shapes
from tests.localapi.contract.lines import Line
from tests.localapi.contract.notation import Shape
from tests.localapi.contract.served import nameless, versioned
from tests.localapi.contract.table import PUBLIC, TABLE

ITSELF = {("GET", "/openapi.json"), ("GET", "/docs/api"), ("GET", "/docs/api/")}
SHAPES = {
    name.replace("_", "").lower(): value
    for name, value in vars(shapes).items()
    if isinstance(value, Shape)
}


@pytest.fixture
def document(anyone: httpx.Client) -> dict[str, Any]:
    answer = anyone.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    return dict(answer.json())


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the operations by method and path, holes without names."""
    return {
        (method.upper(), nameless(path)): facts
        for path, methods in document["paths"].items()
        for method, facts in methods.items()
        if method != "servers"
    }


def test_a_validator_of_the_specification_accepts_it(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_names_every_route_and_no_other(document: dict[str, Any]) -> None:
    public = {(line.method, line.path) for line in PUBLIC}
    routes = {(method, f"/v1{path}") for method, path in versioned()}

    assert set(operations(document)) == routes | public | ITSELF


def test_what_the_platform_does_not_offer_is_marked(document: dict[str, Any]) -> None:
    marked = {route for route, facts in operations(document).items() if "x-extension" in facts}

    expected = {(line.method, f"/v1{nameless(line.path)}") for line in TABLE if line.is_extension}
    assert marked == expected


def test_fields_that_the_platform_does_not_send_are_marked(document: dict[str, Any]) -> None:
    compared = 0
    for name, schema in document["components"]["schemas"].items():
        shape = SHAPES.get(name.lower())
        if shape is not None:
            fields = schema["properties"].items()
            marked = {field for field, facts in fields if "x-extension" in facts}
            assert marked == shape.extensions, name
            compared += 1
    assert compared >= 15


def test_parameters_that_the_platform_does_not_know_are_marked(document: dict[str, Any]) -> None:
    def marked(path: str) -> set[str]:
        parameters = document["paths"][path]["get"]["parameters"]
        return {each["name"] for each in parameters if "x-extension" in each}

    assert marked("/v1/runs") == {"stream_id"}
    assert marked("/v1/runs/stats") == {"type", "time_range"}
    assert marked("/v1/events") == {"stream_id"}
    assert marked("/v1/env/subscribe") == {"Last-Event-ID"}
    assert marked("/v1/streams/{stream_id}/subscribe") == {"Last-Event-ID"}
    assert marked("/v1/runs/{run_id}/subscribe") == set()
    assert marked("/v1/tasks/{task_id}/subscribe") == set()
    assert marked("/v1/projects") == set()


@pytest.mark.parametrize("line", TABLE, ids=str)
def test_an_operation_says_what_the_table_says(document: dict[str, Any], line: Line) -> None:
    facts = operations(document)[line.method, f"/v1{nameless(line.path)}"]
    answer = facts["responses"][str(line.answer.status)]

    assert facts["summary"]
    assert facts["security"] == [{"bearer_auth": []}]
    needs = facts["x-needs"]
    if line.is_operators:
        assert needs == "the operator key"
    else:
        assert line.permissions[-1] == (needs.split(":")[0], needs.split()[1])
    assert {"400", "401", "403"} <= set(facts["responses"])
    assert ("404" in facts["responses"]) >= bool(line.holes)
    takes_json = "application/json" in facts.get("requestBody", {}).get("content", {})
    assert takes_json == (line.body is not None)
    assert ("text/event-stream" in answer.get("content", {})) == line.is_stream
    names = {each["name"] for each in facts["parameters"]}
    assert not line.is_list or {"limit", "offset"} <= names


def test_whatever_is_answered_in_json_has_a_schema(document: dict[str, Any]) -> None:
    for route, facts in operations(document).items():
        for status, answer in facts["responses"].items():
            for media, content in answer.get("content", {}).items():
                described = content["schema"] or route in ITSELF
                assert described, f"{route} {status} {media}"


def test_every_error_has_the_one_shape(document: dict[str, Any]) -> None:
    for route, facts in operations(document).items():
        for status, answer in facts["responses"].items():
            if status[0] in "45":
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Failure"}, f"{route} {status}"


def test_bytes_are_told_as_bytes(document: dict[str, Any]) -> None:
    path = "/v1/projects/{project}/builds/{build_id}/download"
    content = document["paths"][path]["get"]["responses"]["200"]["content"]

    assert content == {"application/zip": {"schema": {"type": "string", "format": "binary"}}}


def test_no_two_shapes_have_one_name() -> None:
    """The document keeps its shapes by name: the second of two would take the first one's place."""
    names = Counter(
        name
        for module in iter_modules(schemas.__path__)
        for name, value in vars(import_module(f"{schemas.__name__}.{module.name}")).items()
        if isinstance(value, type) and value.__module__ == f"{schemas.__name__}.{module.name}"
    )

    assert [name for name, count in names.items() if count > 1] == []
