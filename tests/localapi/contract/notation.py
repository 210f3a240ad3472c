"""The contract's own notation of shapes: keys in their order, `?` may be null, `~` may be absent.

`+` before a key marks what only this server sends: an extension.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)")
_FIELD = re.compile(r"(?P<plus>\+?)(?P<name>\w+)(?P<absent>~?) (?P<kind>\w+)(?P<null>\??)")


def _is_uuid(value: Any) -> bool:
    return isinstance(value, str) and value == str(UUID(value))


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


KINDS: Mapping[str, Callable[[Any], bool]] = {
    "uuid": _is_uuid,
    "ts": lambda value: isinstance(value, str) and bool(_TIME.fullmatch(value)),
    "str": lambda value: isinstance(value, str),
    "int": _is_int,
    "float": lambda value: _is_int(value) or isinstance(value, float),
    "bool": lambda value: isinstance(value, bool),
    "map": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    "any": lambda _value: True,
}


@dataclass(frozen=True)
class Field:
    """One key of a shape."""

    name: str
    kind: "str | Shape"
    may_be_null: bool
    may_be_absent: bool
    is_extension: bool


@dataclass(frozen=True)
class Shape:
    """An object on the wire: these keys, in this order, and no others."""

    fields: tuple[Field, ...]

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def check(self, value: Any) -> None:
        """Fail unless the value has this shape."""
        assert isinstance(value, dict), value
        known = [field.name for field in self.fields]
        assert list(value) == [name for name in known if name in value], list(value)
        for field in self.fields:
            if field.name not in value:
                assert field.may_be_absent, f"{field.name} is missing"
            else:
                _check(field, value[field.name])

    @property
    def extensions(self) -> set[str]:
        """The keys that the Hot platform does not send."""
        return {field.name for field in self.fields if field.is_extension}


def shape(text: str, **nested: Shape) -> Shape:
    """Return the shape of a text such as `run_id uuid, stop_time ts?, result~ any, +ns str`."""
    return Shape(tuple(_field(part.strip(), nested) for part in text.split(",")))


def _field(text: str, nested: Mapping[str, Shape]) -> Field:
    match = _FIELD.fullmatch(text)
    assert match, text
    kind = match["kind"]
    assert kind in KINDS or kind in nested, text
    return Field(
        match["name"],
        nested.get(kind, kind),
        bool(match["null"]),
        bool(match["absent"]),
        bool(match["plus"]),
    )


def _check(field: Field, value: Any) -> None:
    if value is None and (field.may_be_null or field.kind == "any"):
        return
    if isinstance(field.kind, Shape):
        field.kind.check(value)
    else:
        assert KINDS[field.kind](value), f"{field.name}: {value!r} is no {field.kind}"
