"""How hotdash writes durations, moments, ids, sizes and outside text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hotdash.kit import formats

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
THIN = formats.THIN


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [
        (None, ""),
        (-3, "0 ms"),
        (0, "0 ms"),
        (0.0004, "1 µs"),
        (0.4, "400 µs"),
        (0.9996, "1 ms"),
        (182, "182 ms"),
        (999.4, "999 ms"),
        (999.6, "1.00 s"),
        (2310, "2.31 s"),
        (9994, "9.99 s"),
        (9996, "10.0 s"),
        (59_994, "60.0 s"),
        (59_996, "1 min 00 s"),
        (252_000, "4 min 12 s"),
        (3_599_600, "1 h 00 min"),
        (3_840_000, "1 h 04 min"),
        (49 * 3_600_000, "2 d 1 h"),
    ],
)
def test_a_duration_has_the_figures_that_matter(milliseconds, written):
    assert formats.duration(milliseconds).replace(THIN, " ") == written


def test_a_unit_never_breaks_from_its_figure():
    assert formats.duration(182) == f"182{THIN}ms"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.4, "now"),
        (-0.4, "now"),
        (12.9, "12 s ago"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (7200, "2 h ago"),
        (86_400 * 6.9, "6 d ago"),
        (86_400 * 7, "15 Nov 2026"),
        (-40, "in 40 s"),
    ],
)
def test_a_moment_in_a_list_is_relative_and_a_date_after_a_week(seconds, written):
    then = NOON - timedelta(seconds=seconds)
    assert formats.ago(then, NOON).replace(THIN, " ") == written


def test_exact_times_are_utc_whatever_zone_they_came_in():
    cet = datetime(2026, 11, 22, 15, 6, 18, 689_400, tzinfo=timezone(timedelta(hours=1)))
    assert formats.exact(cet) == "22 Nov 2026, 14:06:18.689 UTC"
    assert formats.iso(cet) == "2026-11-22T14:06:18.689Z"
    assert formats.clock(cet) == "14:06"
    assert formats.clock_ms(cet) == "14:06:18.689"


def test_a_moment_of_another_day_says_which():
    late = NOON.replace(hour=23, minute=59)
    assert formats.moment(late, NOON) == "23:59:00.000"
    assert formats.moment(late, NOON + timedelta(days=1)) == "22 Nov 2026, 23:59:00.000"


def test_a_missing_moment_is_written_as_nothing():
    writers = (
        formats.ago,
        formats.exact,
        formats.iso,
        formats.clock,
        formats.clock_ms,
        formats.moment,
    )
    assert [write(None) for write in writers] == [""] * len(writers)


def test_clocks_that_disagree_give_no_negative_duration():
    assert formats.milliseconds_between(NOON, NOON - timedelta(seconds=1)) == 0
    assert formats.milliseconds_between(NOON, None) is None
    assert formats.milliseconds_between(NOON, NOON + timedelta(milliseconds=1.5)) == 1.5


def test_an_id_is_named_by_its_last_twelve_digits():
    assert formats.short_id("01a20394-7270-7967-a7cc-7c1e09b4d2af") == "7c1e09b4d2af"
    assert formats.short_id(None) == ""


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (None, ""),
        (1, "1 byte"),
        (812, "812 bytes"),
        (1500, "1.5 kB"),
        (20_500_000, "20.50 MB"),
        (3_200_000_000, "3.20 GB"),
    ],
)
def test_a_size_is_written_in_the_unit_that_fits(count, written):
    assert formats.size(count).replace(THIN, " ") == written


def test_counts_have_commas_and_their_noun_its_number():
    assert formats.number(2318) == "2,318"
    assert formats.plural(1, "run") == "1 run"
    assert formats.plural(2318, "run") == "2,318 runs"
    assert formats.plural(2, "key and value", "keys and values") == "2 keys and values"


def test_invisible_characters_are_shown_as_symbols():
    assert formats.visible("a\x1b[2Jb\x00\x7f") == "a␛[2Jb␀␡"
    assert formats.visible("photo\u202egpj.exe") == "photo⟨U+202E⟩gpj.exe"
    assert formats.visible("x\u2066y\u2069\x9b\ufeff") == "x⟨U+2066⟩y⟨U+2069⟩⟨U+009B⟩⟨U+FEFF⟩"
    assert formats.visible("tab\tand\nline") == "tab\tand\nline"


def test_a_long_text_is_cut_to_one_line():
    assert formats.clipped("a\n  b", 10) == "a b"
    assert formats.clipped("abcdef", 4) == "abc…"
    assert len(formats.clipped("x" * 10_000_000, 40)) == 40
