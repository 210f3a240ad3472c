"""The document as a person reads it: operations by noun, then the shapes that they name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Part:
    """One field, parameter, body or response: its name, its type, and what is said of it."""

    name: str
    kind: str
    shape: str
    remark: str
    is_extension: bool


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    facts: Mapping[str, Any]
    parameters: list[Part]
    body: list[Part]
    responses: list[Part]

    @property
    def needs(self) -> str:
        """What the credential must be granted."""
        return str(self.facts.get("x-needs", ""))

    @property
    def is_extension(self) -> bool:
        """Whether the Hot platform has no such route."""
        return "x-extension" in self.facts


@dataclass(frozen=True)
class Shape:
    """One named object of the wire."""

    name: str
    remark: str
    fields: list[Part]


@dataclass(frozen=True)
class Noun:
    """The operations of one noun."""

    name: str
    anchor: str
    operations: list[Operation]


def nouns(document: Mapping[str, Any]) -> list[Noun]:
    """Return the document's operations by noun, each in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                facts = methods[method]
                found.setdefault(facts["tags"][0], []).append(_operation(method, path, facts))
    return [Noun(name, name.replace(" ", "-"), ops) for name, ops in found.items()]


def shapes(document: Mapping[str, Any]) -> list[Shape]:
    """Return the document's named objects, by name."""
    known = document["components"]["schemas"].items()
    return [
        Shape(name, schema.get("description", "").replace("`", ""), list(_fields(schema)))
        for name, schema in sorted(known)
    ]


def _operation(method: str, path: str, facts: Mapping[str, Any]) -> Operation:
    parameters = [_parameter(parameter) for parameter in facts["parameters"]]
    responses = [_answer(status, answer) for status, answer in facts["responses"].items()]
    body = list(_body(facts.get("requestBody", {}).get("content", {})))
    return Operation(method.upper(), path, facts, parameters, body, responses)


def _parameter(facts: Mapping[str, Any]) -> Part:
    kind, shape = _type(facts["schema"])
    place = f"in the {facts['in']}" + (", required" if facts["required"] else "")
    remark = ". ".join(filter(None, [place.capitalize(), facts.get("description", "")]))
    return Part(facts["name"], kind, shape, remark, "x-extension" in facts)


def _body(content: Mapping[str, Any]) -> Iterator[Part]:
    for media, facts in content.items():
        kind, shape = _type(facts["schema"])
        yield Part(media, kind, shape, "", is_extension=False)
        if not shape:
            yield from _fields(facts["schema"])


def _answer(status: str, facts: Mapping[str, Any]) -> Part:
    contents: dict[str, Any] = facts.get("content", {})
    media = next(iter(contents), "")
    kind, shape = _type(contents[media]["schema"]) if media else ("nothing", "")
    kind = kind if media == "application/json" else media or kind
    return Part(status, kind, shape, facts["description"], "x-extension" in facts)


def _fields(schema: Mapping[str, Any]) -> Iterator[Part]:
    required = set(schema.get("required", []))
    for name, facts in schema.get("properties", {}).items():
        kind, shape = _type(facts)
        remark = "" if name in required else "may be left out"
        yield Part(name, kind, shape, remark, "x-extension" in facts)


def _type(schema: Mapping[str, Any]) -> tuple[str, str]:
    """Return a schema's type in words, and the name of the shape that it points to."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    if "anyOf" in schema:
        told = [_type(choice) for choice in schema["anyOf"]]
        return " or ".join(kind for kind, _ in told), next((name for _, name in told if name), "")
    if schema.get("type") == "array":
        kind, shape = _type(schema.get("items", {}))
        return f"list of {kind}", shape
    return str(schema.get("format") or schema.get("type", "anything")), ""
