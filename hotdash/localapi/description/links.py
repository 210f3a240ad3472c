"""Where an answer leads: its ids, to the operations that ask for them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_HOLE = re.compile(r"\{(\w+)\}")
# what a path calls otherwise than an answer
_FIELDS = {"project": "project_id"}


def add_links(paths: Mapping[str, Mapping[str, Any]], schemas: Mapping[str, Any]) -> None:
    """Give each answer that makes or shows one object its links to what can be done with it."""
    targets = [(path, operation) for path in paths for operation in paths[path].values()]
    for methods in paths.values():
        for operation in methods.values():
            for status in ("200", "201"):
                fields = _fields(operation["responses"].get(status, {}), schemas)
                links = dict(_links(fields, targets, operation))
                if links:
                    operation["responses"][status]["links"] = links


def _links(
    fields: set[str], targets: list[tuple[str, Any]], source: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operation in targets:
        wanted = {hole: _FIELDS.get(hole, hole) for hole in _HOLE.findall(path)}
        if wanted and set(wanted.values()) <= fields and operation is not source:
            parameters = {hole: f"$response.body#/data/{wanted[hole]}" for hole in wanted}
            yield (
                operation["operationId"],
                {"operationId": operation["operationId"], "parameters": parameters},
            )


def _fields(response: Mapping[str, Any], schemas: Mapping[str, Any]) -> set[str]:
    """Return the keys that `data` always has, where it is one object."""
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    envelope = schemas.get(_name(schema), {})
    data = schemas.get(_name(envelope.get("properties", {}).get("data", {})), {})
    return set(data.get("required", []))


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
