"""The client's own text of a payload, found again in a body that was parsed."""

import json
import random

import pytest

from hotdash.localapi.bodies import text_of


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"x":1}', "1"),
        (' { "a" : "x" , "x" : [1, 2] } ', "[1, 2]"),
        ('{"x":{"x":2},"b":"\\"x\\":3"}', '{"x":2}'),
        ('{"\\u0078": 4}', "4"),
        ('{"x":1,"x":2}', "2"),
        ('{"x":\n[1,\r\n2]}', "[1,  2]"),
        ('{"a":{},"b":[],"x":""}', '""'),
        ('{"x":-0.0e-10}', "-0.0e-10"),
    ],
)
def test_a_field_is_found_as_it_was_written(body: str, expected: str) -> None:
    assert text_of(body.encode(), "x") == expected


def test_whatever_json_holds_is_found_again() -> None:
    chance = random.Random(7)  # noqa: S311  the same bodies in every session
    for _ in range(500):
        body = {f"k{n}": _value(chance, 3) for n in range(chance.randint(0, 4))}
        body["x"] = _value(chance, 4)
        keys = list(body)
        chance.shuffle(keys)
        written = json.dumps({key: body[key] for key in keys}, indent=chance.choice([None, 1]))

        assert json.loads(text_of(written.encode(), "x")) == body["x"]


def _value(chance: random.Random, depth: int) -> object:
    kind = chance.randrange(6 if depth else 4)
    if kind < 4:
        return [None, chance.random(), 'te"x}t\n,\\', True][kind]
    values = [_value(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    return values if kind == 4 else {f"x{n}": value for n, value in enumerate(values)}
