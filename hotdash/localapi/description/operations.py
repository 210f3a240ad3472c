"""One operation of the document: what ninja knows of it, made whole."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from hotdash.localapi.bodies import NO_NUL
from hotdash.localapi.description.declared import declared
from hotdash.localapi.description.refusals import completed, refusals

_SCHEME: list[dict[str, list[str]]] = [{"bearer_auth": []}]
_MODULES = re.compile(r"^hotdash_localapi_routes_")
_MARK = "x-extension"
# what the route refuses in words of its own
_BOUNDS: Mapping[str, Mapping[str, int]] = {"part_number": {"minimum": 1, "maximum": 10_000}}
_MEANT: Mapping[str, str] = {
    "limit": "How many rows, 1 to 500; what lies outside is clamped.",
    "offset": "How many rows to leave out first.",
    "project": "The id or the name of a project.",
    "time_range": "An ISO 8601 duration such as P7D or PT1H; anything else is ignored.",
    "status": "Exactly this status.",
    "type": "Exactly this type of run.",
    "stream_id": "The id of a stream.",
    "key": "The key of a context variable, / written as %2F.",
}


def operation(
    known: Mapping[str, Any], method: str, path: str, needs: str | None
) -> dict[str, Any]:
    """Return the operation of one method; `needs` is what its credential must be granted."""
    raw = _with(deepcopy(dict(known)), declared(method, path))
    name = _MODULES.sub("", raw["operationId"])
    summary, _, rest = raw.get("description", "").partition("\n\n")
    told: dict[str, Any] = {
        "operationId": f"{name}_by_post" if _is_second(name, method) else name,
        "tags": raw.get("tags", []),
        "summary": " ".join(summary.split()).removesuffix("."),
    }
    if rest:
        told["description"] = " ".join(rest.split())
    if _MARK in raw:
        told[_MARK] = True
    if needs is not None:
        told |= {"security": _SCHEME, "x-needs": needs}
    told["parameters"] = [_parameter(parameter) for parameter in raw.get("parameters", [])]
    if "requestBody" in raw:
        told["requestBody"] = _body(raw["requestBody"])
    told["responses"] = _responses(raw["responses"], refusals(name, told, path))
    return told


def _with(raw: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    raw["parameters"] = [*raw["parameters"], *more.get("parameters", [])]
    raw["responses"] = {**raw["responses"], **more.get("responses", {})}
    return raw | {name: value for name, value in more.items() if name not in raw}


def _is_second(name: str, method: str) -> bool:
    return name == "subscriptions_to_stream" and method == "post"


def _parameter(raw: Mapping[str, Any]) -> dict[str, Any]:
    schema = _plain(raw["schema"])
    told = {"name": raw["name"], "in": raw["in"], "required": raw["required"]}
    description = raw.get("description") or _MEANT.get(raw["name"])
    if description:
        told["description"] = description
    if _MARK in raw or schema.pop(_MARK, False):
        told[_MARK] = True
    return told | {"schema": {**schema, **_BOUNDS.get(raw["name"], {})}}


def _body(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body: it is an object, never null; in a form no field is null either."""
    for media, content in raw["content"].items():
        content["schema"] = _plain(content["schema"])
        if media == "multipart/form-data":
            fields = content["schema"]["properties"].items()
            content["schema"]["properties"] = {name: _plain(field) for name, field in fields}
    return dict(raw)


def _responses(raw: Mapping[Any, Any], refused: Mapping[str, Any]) -> dict[str, Any]:
    declared = {str(status): response for status, response in raw.items()}
    own = {
        status: response if status < "4" else completed(response, status)
        for status, response in declared.items()
    }
    return dict(sorted({**refused, **own}.items()))


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a text in an address or a form: neither null nor a title."""
    plain = {name: value for name, value in schema.items() if name != "title"}
    choices = [choice for choice in plain.pop("anyOf", []) if choice != {"type": "null"}]
    for choice in choices:
        plain |= choice
    if plain.get("default", ...) is None:
        del plain["default"]
    if plain.get("type") == "string" and not {"format", "pattern"} & set(plain):
        plain["pattern"] = NO_NUL
    return plain
