"""Which rows are asked for, and what stands under them."""

import pytest

from hotdash.kit.paging import Pager, read_position


@pytest.mark.parametrize(("text", "offset"), [("", 0), ("1", 0), ("51", 50), ("100001", 100_000)])
def test_a_position_is_read_as_an_offset(text, offset):
    assert read_position(text) == offset


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "zero", "²", "100002", "9" * 30, " 1", "१"])
def test_what_is_no_position_is_none(text):
    assert read_position(text) is None


def test_the_next_page_begins_where_this_one_ended():
    pager = Pager(offset=50, size=50, shown=25, total=120)
    assert (pager.position, pager.last, pager.older_from, pager.newer_from) == (51, 75, 76, 1)


def test_the_last_page_has_nothing_older():
    assert not Pager(offset=100, size=50, shown=20, total=120).has_older
    assert Pager(offset=50, size=50, shown=50, total=120).has_older


def test_nothing_follows_rows_that_were_dropped_as_too_old():
    assert not Pager(offset=0, size=50, shown=3, total=3, is_at_least=True).has_older


@pytest.mark.parametrize(("total", "begins"), [(120, 101), (100, 51), (1, 1), (0, 1)])
def test_the_way_back_from_beyond_the_end_is_the_last_page(total, begins):
    pager = Pager(offset=950, size=50, shown=0, total=total)
    assert pager.is_beyond
    assert pager.last_from == begins


@pytest.mark.parametrize(
    ("offset", "has_older", "is_cut"), [(99_950, True, False), (100_000, False, True)]
)
def test_a_list_goes_no_farther_than_servers_can_pass_over(offset, has_older, is_cut):
    pager = Pager(offset=offset, size=50, shown=50, total=10**7)
    assert (pager.has_older, pager.is_cut) == (has_older, is_cut)
    assert read_position(str(pager.last_from)) is not None
