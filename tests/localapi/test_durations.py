"""The `time_range` filter: strict ISO-8601, back from now, by the calendar."""

from datetime import UTC, datetime

import pytest

from hotdash.localapi.durations import beginning_of

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT1S", "2026-03-31T11:59:59"),
        ("PT90M", "2026-03-31T10:30:00"),
        ("PT36H", "2026-03-30T00:00:00"),
        ("P1D", "2026-03-30T12:00:00"),
        ("P2W", "2026-03-17T12:00:00"),
        ("P1M", "2026-02-28T12:00:00"),
        ("P13M", "2025-02-28T12:00:00"),
        ("P1Y", "2025-03-31T12:00:00"),
        ("P2Y1M", "2024-02-29T12:00:00"),
        ("P1Y2M3W4DT5H6M7S", "2025-01-06T06:53:53"),
        ("P10Y", "2016-03-31T12:00:00"),
        ("P3660D", "2016-03-23T12:00:00"),
        ("PT0H1S", "2026-03-31T11:59:59"),
    ],
)
def test_a_duration_leads_back_to_its_beginning(text: str, expected: str) -> None:
    assert beginning_of(text, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "all", "7d", "P", "PT", "P1DT", "pt1h", "p1d", "P1d", "1D", "T1H", " P1D", "P1D "),
        *("P1D\n", "P-1D", "+P1D", "P1.5D", "PT0.5H", "P1H", "PT1D", "PT1H1D", "P1D1W", "P1M1Y"),
        *("P0D", "PT0S", "P0Y", "P3661D", "P11Y", "P119M", "P523W", "P999999999Y", "P٣D"),
        *("PT999999999H", "P9999999999D", "P1DT1H1H"),
    ],
)
def test_whatever_else_is_no_filter(text: str) -> None:
    assert beginning_of(text, NOW) is None
