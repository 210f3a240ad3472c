"""The OpenAPI document: every route; `x-extension` marks what the platform does not send."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ninja import NinjaAPI
from pydantic import TypeAdapter

from hotdash.localapi.api import public, v1
from hotdash.localapi.aside import Awaited
from hotdash.localapi.credentials.permissions import May, operator
from hotdash.localapi.description.itself import ITSELF
from hotdash.localapi.description.links import add_links
from hotdash.localapi.description.operations import operation
from hotdash.localapi.envelopes import Failure

_REFERENCE = "#/components/schemas/{model}"
_NAMES = (  # how Python calls a shape, how a reader of the document does
    (re.compile(r"^Single_(\w+?)(?:Shape)?_$"), r"\1Answer"),
    (re.compile(r"^Listing_(\w+?)(?:Shape)?_$"), r"\1Page"),
    (re.compile(r"^(\w+)Shape$"), r"\1"),
)
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, a session or a service key; or the operator key.",
}
# the prefix of the older generation serves the same routes; what has no version has one address
_SERVERS = [
    {"url": "/"},
    {"url": "/api", "description": "the same routes, as the older generation has them"},
]


@cache
def document() -> dict[str, Any]:
    """Return the document as plain data."""
    raw = v1.get_openapi_schema(path_prefix="/v1/")
    unversioned = public.get_openapi_schema(path_prefix="/")["components"]["schemas"]
    schemas = {**unversioned, **raw["components"]["schemas"], **_schema_of_errors()}
    paths: dict[str, dict[str, Any]] = {}
    for api, prefix in ((public, "/"), (v1, "/v1/")):
        for path, method, known, needs in _operations(api, prefix):
            paths.setdefault(path, {})[method] = operation(known, method, path, needs)
    whole = _renamed(
        {
            "openapi": "3.1.0",
            "info": raw["info"],
            "servers": _SERVERS,
            "paths": paths | ITSELF,
            "components": {"schemas": schemas, "securitySchemes": {"bearer_auth": _BEARER}},
        }
    )
    for path, methods in whole["paths"].items():
        if not path.startswith("/v1/"):
            methods["servers"] = _SERVERS[:1]
    add_links(
        {path: methods for path, methods in whole["paths"].items() if "servers" not in methods},
        whole["components"]["schemas"],
    )
    return dict(whole)


def _operations(
    api: NinjaAPI, prefix: str
) -> Iterator[tuple[str, str, Mapping[str, Any], str | None]]:
    needs = dict(_needs(api))
    for path, methods in api.get_openapi_schema(path_prefix=prefix)["paths"].items():
        for method, known in methods.items():
            yield path, method, known, needs[known["operationId"]]


def _needs(api: NinjaAPI) -> Iterator[tuple[str, str | None]]:
    """Yield what each operation's credential must be granted, by its id."""
    for router in api._get_bound_routers():  # noqa: SLF001  what ninja's own document reads
        for view in router.path_operations.values():
            for each in view.operations:
                asked = each.auth_callbacks[0] if each.auth_callbacks else None
                yield api.get_openapi_operation_id(each), _permission(asked)


def _permission(asked: Any) -> str | None:
    if isinstance(asked, Awaited):
        asked = asked.may
    if isinstance(asked, May):
        resource = asked.resource if ":" in asked.resource else f"{asked.resource}:*"
        return f"{resource} {asked.action}"
    return "the operator key" if asked is operator else None


def _schema_of_errors() -> dict[str, Any]:
    schema = TypeAdapter(Failure).json_schema(ref_template=_REFERENCE)
    return {**schema.pop("$defs"), "Failure": schema}


def _renamed(value: Any) -> Any:
    """Return the document with its shapes called as a reader would call them."""
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    told = {_name(str(name)): _renamed(item) for name, item in value.items()}
    if isinstance(reference := value.get("$ref"), str):
        head, slash, name = reference.rpartition("/")
        told["$ref"] = f"{head}{slash}{_name(name)}"
    return told


def _name(name: str) -> str:
    for pattern, replacement in _NAMES:
        name = pattern.sub(replacement, name)
    return name
