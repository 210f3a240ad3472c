"""What a feed keeps for those who come back, and what it remembers to have told."""

import pytest

from hotdash.live import known, ring
from hotdash.live.known import Told
from hotdash.live.ring import Ring


def numbered(*numbers: int) -> list[bytes]:
    return [str(number).encode() for number in numbers]


def kept(*numbers: int) -> Ring:
    """A ring that began after 10 and was told these."""
    told = Ring()
    told.begin(10)
    for number in numbers:
        told.keep(number, str(number).encode())
    return told


def test_before_it_began_nothing_is_held() -> None:
    told = Ring()
    told.keep(1, b"1")
    assert told.after(0) is None
    assert told.after(None) is None


def test_whoever_stands_where_it_began_or_later_hears_all_that_came_after() -> None:
    told = kept(12, 15)
    assert told.after(9) is None
    assert told.after(10) == numbered(12, 15)
    assert told.after(12) == numbered(15)
    assert told.after(15) == []
    assert told.after(None) is None


def test_it_begins_once() -> None:
    told = kept(12)
    told.begin(12)
    assert told.after(10) == numbered(12)


def test_more_than_it_keeps_are_forgotten_and_who_missed_them_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ring, "MOST_NOTES", 2)
    told = kept(11, 12, 13, 14)
    assert told.after(11) is None
    assert told.after(12) == numbered(13, 14)


def test_large_notes_count_by_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ring, "MOST_BYTES", 10)
    told = kept(10, 11, 12, 13, 14, 15, 16)
    assert told.after(11) == numbered(12, 13, 14, 15, 16)
    assert told.after(10) is None
    for number in range(17, 100):
        told.keep(number, b"xx")
    assert told.after(94) == [b"xx"] * 5
    assert told.after(93) is None


def test_what_was_told_is_news_again_only_when_it_has_come_farther() -> None:
    told = Told()
    assert told.about_run("a", "running")
    assert not told.about_run("a", "running")
    assert not told.about_run("a", "pending")
    assert told.about_run("a", "")
    assert told.about_run("a", "pending_retry")
    assert told.about_run("a", "failed")
    assert not told.about_run("a", "succeeded"), "of two ends the first is believed"


def test_a_status_that_nobody_knows_is_under_way() -> None:
    told = Told()
    assert told.about_run("a", "pending")
    assert told.about_run("a", "paused by the moon")
    assert not told.about_run("a", "running")
    assert told.about_run("a", "cancelled")


def test_the_newest_are_remembered_and_the_oldest_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(known, "KEPT", 3)
    told = Told()
    for name in ("a", "b", "c"):
        told.is_news(name)
    told.is_news("a", 1)  # so that b is the one of which was heard the longest ago
    told.is_news("d")
    assert [name in told for name in ("a", "b", "c", "d")] == [True, False, True, True]
