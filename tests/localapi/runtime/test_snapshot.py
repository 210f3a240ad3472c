"""What a trace shows of a value: bounded, masked, and without calling the build's code."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hotdash.localapi.runtime.snapshot import Snapshot


def shown(value: Any, *secrets: str) -> Any:
    return json.loads(Snapshot(secrets).take(value))


class Trap:
    """An object whose every special method would be noticed."""

    def __repr__(self) -> str:
        raise AssertionError("the build's own code was called")

    def __len__(self) -> int:
        raise AssertionError("the build's own code was called")

    __str__ = __repr__
    __iter__ = __len__


@dataclass
class Order:
    number: str
    password: str


class Size(Enum):
    LARGE = 1


@pytest.mark.parametrize(
    ("value", "picture"),
    [
        (None, None),
        (True, True),
        ([1, 2.5, "a"], [1, 2.5, "a"]),
        ((1, 2), [1, 2]),
        ({"a": {"b": [None]}}, {"a": {"b": [None]}}),
        ({1: "one", None: 2}, {"1": "one", "<NoneType>": 2}),
        (float("nan"), "nan"),
        (b"abc", "<bytes: 3 bytes>"),
        (Decimal("1.50"), "1.50"),
        (datetime(2026, 11, 22, tzinfo=UTC), "2026-11-22 00:00:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Path("/a/b"), "/a/b"),
        (Size.LARGE, "Size.LARGE"),
        (Order("A-1", "hunter2"), {"$type": "Order", "$val": {"number": "A-1", "password": "***"}}),
        ("lone \ud800", "lone ?"),
    ],
)
def test_a_value_is_shown_by_its_form(value: Any, picture: Any) -> None:
    assert shown(value) == picture


def test_a_number_without_end_is_shown_by_its_length() -> None:
    assert shown(1 << 20_000) == "<int: 6000 digits>"


def test_an_object_of_unknown_form_is_shown_by_its_type_alone() -> None:
    assert shown([Trap(), {"a": Trap()}]) == ["<Trap>", {"a": "<Trap>"}]


@pytest.mark.parametrize("name", ["password", "API_KEY", "accessToken", "client-secret"])
def test_values_under_secret_names_are_masked(name: str) -> None:
    assert shown({name: "hunter2", "user": "mia"}) == {name: "***", "user": "mia"}


def test_a_context_value_is_masked_wherever_it_stands() -> None:
    assert shown(["a", {"url": "https://x/?k=s3cret-value"}], "s3cret-value") == [
        "a",
        {"url": "https://x/?k=***"},
    ]


def test_depth_is_bounded() -> None:
    value: Any = "bottom"
    for _ in range(20):
        value = [value]
    assert Snapshot().take(value) == '[[[[[["<list>"]]]]]]'


def test_a_value_that_holds_itself_is_shown() -> None:
    value: list[Any] = []
    value.append(value)
    assert "<list>" in Snapshot().take(value)


@pytest.mark.parametrize(
    "value",
    [
        "x" * 1_000_000,
        list(range(20_000)),
        {f"name {n}": "v" * 50 for n in range(20_000)},
        [["y" * 300] * 100] * 100,
        [Trap()] * 3_000,
        {Trap(): Trap() for _ in range(3_000)},
        [[[]] * 300] * 3_000,
        [{}, 0, ""] * 3_000,
    ],
)
def test_a_huge_value_has_a_small_picture(value: Any) -> None:
    assert len(Snapshot().take(value)) < 6_000


def test_the_walk_stops_where_the_picture_ends() -> None:
    huge = list(range(5_000_000))
    began = time.process_time()
    Snapshot().take(huge)
    assert time.process_time() - began < 0.5, "a walk through all of it takes seconds"


def test_what_is_left_out_is_counted() -> None:
    assert shown(list(range(20_000)))[-1].endswith("more")
    assert shown("x" * 500) == "x" * 400 + "… (500 characters)"


def test_an_exception_whose_words_fail_is_shown_by_its_type() -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            raise ValueError

    assert Snapshot().message(Odd()) == "Odd"


def test_the_words_of_an_exception_can_be_stored_whatever_they_hold() -> None:
    assert Snapshot().message(ValueError("row \ud800 of 3")) == "row ? of 3"


def test_words_of_an_exception_that_are_cut_say_so() -> None:
    assert Snapshot().message(ValueError("x" * 2_001)) == "x" * 2_000 + "… (2,001 characters)"
    assert Snapshot().message(ValueError("x" * 2_000)) == "x" * 2_000
