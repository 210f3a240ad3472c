"""Where the bars of a trace lie."""

from datetime import UTC, datetime, timedelta

import pytest

from hotdash.pages.runs.run_waterfall import (
    SEGMENTS,
    Clock,
    clock_of,
    draw,
    draw_own,
    own_time,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CLOCK = Clock(NOON, 1000.0)


@pytest.mark.parametrize(
    ("below", "own"),
    [
        ([], ((0, 100),)),
        ([(0, 100)], ()),
        ([(20, 40)], ((0, 20), (40, 100))),
        ([(20, 60), (40, 80)], ((0, 20), (80, 100))),
        ([(20, 80), (30, 40)], ((0, 20), (80, 100))),
        ([(50, 150)], ((0, 50),)),
        ([(-10, 30)], ((30, 100),)),
    ],
    ids=["none", "all", "one", "overlapping", "inside another", "longer", "earlier"],
)
def test_own_time_is_what_no_call_below_covers(below, own):
    assert own_time((0, 100), below) == own


def test_a_bar_too_short_to_see_is_drawn_so_that_it_is_seen():
    assert draw(CLOCK, "span", (500, 500)).width == "0.40%"


def test_a_bar_at_the_very_end_stays_on_the_clock():
    assert draw(CLOCK, "span", (1000, 1000)).x == "99.60%"


def test_of_very_many_pieces_only_the_longest_are_drawn():
    pieces = [(10.0 * n, 10.0 * n + 1 + n / 100) for n in range(100)] * 2
    bars = draw_own(CLOCK, pieces)
    assert len(bars) == SEGMENTS
    assert bars[-1].x == "99.00%"


def test_the_clock_holds_a_run_of_no_length():
    clock = clock_of(NOON, NOON, [])
    assert clock.percent(clock.at(NOON)) == 0


def test_the_clock_of_a_run_without_times_still_stands():
    assert clock_of(None, None, []).length_ms > 0


def test_a_moment_outside_the_clock_is_drawn_at_its_edge():
    assert CLOCK.at(NOON - timedelta(seconds=5)) == 0
    assert CLOCK.at(NOON + timedelta(seconds=5)) == 1000


def test_the_axis_is_marked_in_quarters():
    assert [percent for percent, _ in CLOCK.ticks()] == ["", "25%", "50%", "75%", "100%"]
    assert CLOCK.ticks()[0][1] == "0"
