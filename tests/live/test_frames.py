"""One function makes frames, and what it made is read as it was meant."""

import json

import pytest

from hotdash.gateway.sse import FrameReader, Garbled, RawFrame
from hotdash.live.frames import framed, retry
from hotdash.live.notes import Append, Bye, Mark, Nudge, Refetch

BREAKS = ["\n", "\r", "\r\n", "\n\n", "\u2028", "\u2029", "\x85", "\x00", "\x0b", "\x0c"]


def read(*pieces: bytes) -> list[RawFrame | Garbled]:
    reader = FrameReader()
    return [frame for piece in pieces for frame in reader.feed(piece)]


@pytest.mark.parametrize("mark", BREAKS, ids=[ascii(mark) for mark in BREAKS])
def test_no_line_break_in_a_payload_ends_a_frame(mark: str) -> None:
    text = f"x{mark}event: bye{mark}data: y{mark}{mark}"
    [frame] = read(framed(Append("output", text), "abc.1"))
    assert isinstance(frame, RawFrame)
    assert (frame.event, frame.id) == ("append", "abc.1")
    assert json.loads(frame.text) == {"target": "output", "html": text}


def test_what_a_browser_splits_at_stands_only_at_the_end_of_lines() -> None:
    frame = framed(Nudge("run", "7", "".join(BREAKS)), "abc.1")
    assert frame.isascii()
    assert frame.count(b"\n") == 4
    assert b"\r" not in frame


@pytest.mark.parametrize("note", [Refetch(), Bye("final"), Mark("live", 2, 1, 0)], ids=str)
def test_what_has_no_place_in_the_order_carries_no_id(note: Refetch | Bye | Mark) -> None:
    assert not framed(note).startswith(b"id:")


def test_a_retry_is_a_number() -> None:
    assert retry(1500) == b"retry: 1500\n\n"


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["lf", "cr", "crlf"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_frames_are_read_whatever_ends_their_lines_and_however_they_are_cut(
    end: bytes, size: int
) -> None:
    lines = [b": hi", b"", b"id: 4", b"event: a", b"data: one", b"data:two", b"", b"data: 3", b""]
    text = end.join(lines) + end
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    # a lone CR at the very end may be half of a CRLF: what follows settles it
    assert read(*pieces, b": more\n") == [RawFrame("a", "one\ntwo", "4"), RawFrame("", "3", "")]


def test_an_endless_line_is_given_up_in_bounded_memory() -> None:
    reader = FrameReader()
    for _ in range(64):
        assert list(reader.feed(b"data: " + b"x" * 65_536)) == []
        assert len(reader._rest) < 2**20 + 70_000
    assert list(reader.feed(b"\n\ndata: 1\n\n")) == [Garbled(), RawFrame("", "1", "")]


def test_many_short_lines_without_an_end_are_given_up_as_well() -> None:
    reader = FrameReader()
    for _ in range(40):
        assert list(reader.feed(b"data: x\n" * 8192)) == []
    assert sum(map(len, reader._lines)) <= 2**20
    assert list(reader.feed(b"\n")) == [Garbled()]
