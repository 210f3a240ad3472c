"""The manifest reader: data, within bounds, and nothing that runs."""

import json
import random
from contextlib import suppress
from typing import Any

import pytest

from hotdash.localapi.archives.manifest import BadManifest, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ("{a: 1, b-c: 2, _d9: 3,}", {"a": 1, "b-c": 2, "_d9": 3}),
        ("[1, 2,]", [1, 2]),
        ("[]", []),
        ("{}", {}),
        ("null", None),
        (" [true, false, null] ", [True, False, None]),
        (r'"\" \\ \n \r \t"', '" \\ \n \r \t'),
        ('"ünï ✓"', "ünï ✓"),
        ("[0, -1, 2.5, -1e3]", [0, -1, 2.5, -1000.0]),
        (str(2**63 - 1), 2**63 - 1),
        (str(-(2**63)), -(2**63)),
        ('{"true": {null: 1}}', {"true": {"null": 1}}),
        ("[" * 63 + "1" + "]" * 63, None),
    ],
)
def test_data_is_read(text: str, value: Any) -> None:
    parsed = parse(text.encode())

    if value is not None:
        assert parsed == value
        assert type(parsed) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[", '"', "{]", "[}", "}", "{a}", "{a:}", "{:1}", "{,}", "[,]", "[1,,2]"),
        *("{a:1 b:2}", "[1 2]", "{a:1}}", "1 2", "{1: 2}", "{true}", "undefined", "NaN"),
        *("01", "1.", ".5", "+1", "0x10", "--1", "1e", "Infinity", str(2**63), "9" * 5000),
        *("'a'", '"a', r'"\u0041"', r'"\x"', '"\n"', '"\t"', '"\x00"', "`a`"),
        *("f(1)", "import x", "(1)", "a.b", "::hot::x", "// c\n1", "# c\n1", "${a}", "a = 1"),
        "__import__('os').system('id')",
        '{"a": 1, "a": 2}',
        "{a: 1, a: 2}",
        "[" * 65 + "]" * 65,
        "[" * 100_000,
        "{a:" * 100_000,
    ],
)
def test_what_is_no_data_is_refused_with_the_place(text: str) -> None:
    with pytest.raises(BadManifest) as refused:
        parse(text.encode())

    assert len(str(refused.value)) < 300


def test_a_manifest_has_a_size() -> None:
    with pytest.raises(BadManifest, match="8 MiB"):
        parse(b" " * (8 * 1024 * 1024 + 1))


def test_a_manifest_has_a_number_of_values() -> None:
    assert len(parse(b"[" + b"1," * 249_999 + b"]")) == 249_999
    with pytest.raises(BadManifest, match="250,000 values"):
        parse(b"[" + b"1," * 250_000 + b"]")


def test_a_manifest_is_utf_8() -> None:
    with pytest.raises(BadManifest, match="UTF-8"):
        parse(b'"\xff"')


def test_what_json_writes_is_read_back() -> None:
    value = {"hot.bundle.shop": {"files": [{"path": "a b/ü.py", "size": 3}], "x": [None, 1.5, ""]}}

    assert parse(json.dumps(value, ensure_ascii=False, indent=1).encode()) == value


def test_damaged_text_is_refused_and_never_worse() -> None:
    chance = random.Random(20261122)  # noqa: S311  the same damage in every session
    good = '{"hot.bundle.x": {a: [1, "t\\n", {b: null,},], "c": -2.5e3, d: true}}'
    for _ in range(3_000):
        damaged = list(good)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.choice('{}[]",:\\ \n09-eau\x00é(')
        with suppress(BadManifest):
            parse("".join(damaged).encode())
