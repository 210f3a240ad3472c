"""Messages between a run and its worker: cut at line ends, bounded in length and depth."""

import pytest

from hotdash.localapi.runtime.lines import BadLine, Reader, encode, is_deeper_than
from hotdash.localapi.runtime.messages import BadText, checked_json


def test_messages_are_cut_wherever_the_bytes_are() -> None:
    stream = encode({"m": "a", "text": "zwölf\nlines"}) + encode({"m": "b"})
    for cut in range(len(stream)):
        reader = Reader()
        messages = reader.feed(stream[:cut]) + reader.feed(stream[cut:])
        assert messages == [{"m": "a", "text": "zwölf\nlines"}, {"m": "b"}]


def test_a_line_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    reader = Reader()
    reader.feed(b"x" * 1024 * 1024)
    with pytest.raises(BadLine, match="longer than 1 MiB"):
        reader.feed(b"x")


def test_a_lone_surrogate_does_not_stop_a_message() -> None:
    assert encode({"m": "a", "text": "\ud800"}) == b'{"m":"a","text":"?"}\n'


@pytest.mark.parametrize("half", [rb"\ud800", rb"\uDFFF", "\ud800".encode(errors="surrogatepass")])
def test_half_a_character_in_a_line_is_refused(half: bytes) -> None:
    with pytest.raises(BadLine, match="not JSON"):
        Reader().feed(b'{"m":"' + half + b'"}\n')


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("1", 0),
        ("[]", 1),
        ('{"a": [1, {"b": 2}], "c": {}}', 3),
        ('["[[[[", "]]", "\\"[", "\\\\"]', 1),
        ("[[1], [2, [3]]]", 3),
        ("[[[[1], [2]], 3], [[[4], 5], 6]]", 4),
        (f"[{'[' * 99}{']' * 99}, {'[' * 99}{']' * 99}]", 100),
        (f"[{', '.join('[' * depth + ']' * depth for depth in range(1, 150))}]", 150),
    ],
)
def test_depth_counts_brackets_outside_of_text(text: str, depth: int) -> None:
    assert not is_deeper_than(depth, text.encode())
    if depth:
        assert is_deeper_than(depth - 1, text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NaN",
        "[1,]",
        "{'a': 1}",
        '"\\ud800"',
        '"\\udc00"',
        "1 2",
        "1\0",
        '{"a": Infinity}',
        "[" * 9,
    ],
)
@pytest.mark.parametrize("size", [0, 100_000])
def test_text_that_is_no_json_is_refused_at_any_size(text: str, size: int) -> None:
    padded = text + " " * size  # past 64 KiB another parser judges
    with pytest.raises(BadText, match="is not JSON"):
        checked_json(padded)


@pytest.mark.parametrize("text", ["null", '"\\\\ud800"', '{"a": [1.5e3, true, "\\u00e4"]}'])
@pytest.mark.parametrize("size", [0, 100_000])
def test_json_is_kept_as_it_is(text: str, size: int) -> None:
    padded = text + " " * size
    assert checked_json(padded) == padded
