"""Large values stay bytes: a 20 MB result costs the process little more than 20 MB."""

import json
import tracemalloc
from typing import Any

import pytest

from hotdash.gateway import spans
from hotdash.gateway.envelopes import read_envelope
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.json_value import LARGE_BYTES, Json
from hotdash.gateway.runs import get_run
from tests import samples
from tests.upstream import FakeUpstream, gateway

MB = 2**20
LARGE = {
    "rows": [{"id": i, "text": 'a "quoted" {brace] \\', "tags": [[], {}]} for i in range(9_000)]
}


def test_a_small_value_is_parsed_with_the_rest(upstream: FakeUpstream) -> None:
    wire = samples.run(result={"a": [1, None]})
    upstream.one(f"/runs/{wire['run_id']}", wire)
    result = get_run(gateway(), wire["run_id"]).result
    assert result is not None
    assert (result.value, result.is_large) == ({"a": [1, None]}, False)
    assert bytes(result.raw) == b'{"a":[1,null]}'


def test_a_large_value_is_the_same_value(upstream: FakeUpstream) -> None:
    wire = samples.run("failed", result=samples.failure("no stock", LARGE))
    upstream.one(f"/runs/{wire['run_id']}", wire)
    run = get_run(gateway(), wire["run_id"])
    assert run.result is not None
    assert run.result.is_large
    assert run.result.value == wire["result"]
    assert (run.project_name, run.retry_max) == ("storefront", 0)


def test_a_part_of_a_large_value_is_found_without_the_rest(upstream: FakeUpstream) -> None:
    wire = samples.run("failed", result=samples.failure("no stock", LARGE))
    upstream.one(f"/runs/{wire['run_id']}", wire)
    result = get_run(gateway(), wire["run_id"]).result
    assert result is not None
    inner = result.child("$val")
    assert inner is not None
    message = inner.child("msg")
    assert message is not None
    assert message.value == "no stock"
    assert inner.child("nothing") is None
    assert message.child("nothing") is None


def test_the_head_of_a_large_value_never_breaks_a_character() -> None:
    large = Json(json.dumps("é" * LARGE_BYTES, ensure_ascii=False).encode())
    assert large.head(5) == '"éééé'
    assert len(large.head(1_001)) == 1_001


def test_large_rows_of_a_list_are_told_apart() -> None:
    rows = [samples.run(result="x" * size) for size in (10, LARGE_BYTES * 5, 20)]
    read = read_envelope(json.dumps({"data": rows, "pagination": {"total": 3}}).encode())
    kinds = [type(row["result"]) for row in read["data"]]
    assert kinds == [str, Json, str]
    assert read["pagination"] == {"total": 3}
    assert read["data"][1]["result"].value == "x" * LARGE_BYTES * 5


@pytest.mark.parametrize(
    "result",
    ["x" * (20 * MB), "[" + "[[[1]]]," * (5 * MB // 2) + "1]", "[" + "1," * (10 * MB) + "1]"],
    ids=["one text", "nested lists", "numbers"],
)
def test_twenty_megabytes_cost_their_bytes_and_little_more(
    upstream: FakeUpstream, result: str
) -> None:
    raw = result if result.startswith("[") else f'"{result}"'
    envelope = json.dumps({"data": samples.run(result="HERE")}).replace('"HERE"', raw)
    body = envelope.encode()
    del result, raw, envelope
    upstream.raw(f"/runs/{samples.BUILD_ID}", body, content_type="application/json")
    tracemalloc.start()
    try:
        run = get_run(gateway(), samples.BUILD_ID)
        assert run.result is not None
        assert run.result.size >= 20 * MB
        assert run.result.head(10)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 80 * MB


@pytest.mark.parametrize(
    "text",
    [
        '{"data": {"result": "%s',
        '{"data": {"result": [%s',
        '{"data": {"result": ["%s"], ',
        '{"data": {"result": ["%s"]} ',
        '{[]: "%s"}',
        '{"data": {"result": "%s" "x"',
        "{",
        "",
    ],
)
def test_half_of_a_large_answer_is_a_bad_answer(text: str) -> None:
    half = text.replace("%s", "x" * 300_000).encode()
    with pytest.raises(BadAnswer) as caught:
        read_envelope(half)
    assert caught.value.reason == "not_json"


def test_deep_nesting_ends_early() -> None:
    deep = b'{"data": {"result": ' + b"[" * 10 * MB + b"]" * 10 * MB + b"}}"
    with pytest.raises(BadAnswer) as caught:
        read_envelope(deep)
    assert caught.value.reason == "not_json"


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        "",
        '"',
        "\\",
        '\\"}{][',
        0,
        -1.5e10,
        True,
        None,
        [[[[[[[1]]]]], {"a": {"b": [{}]}}]],
        {"": [], "a\\": {"b": "]"}},
        [{"x": '{"y": ["z\\\\"'}] * 3,
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_every_value_ends_where_it_ends(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent).encode()
    assert spans.end_of(text + b', "next": 1}', 0) == len(text)
