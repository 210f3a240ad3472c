"""Every list is cut the same way: clamped without a word, and honest about what is left."""

import httpx
import pytest

from tests.localapi.contract.answers import check_error
from tests.localapi.contract.lines import Line
from tests.localapi.contract.table import TABLE
from tests.localapi.contract.things import Things

LISTS = [line for line in TABLE if line.is_list]


@pytest.fixture
def url(things: Things, line: Line) -> str:
    """The list's address, with at least one row behind it."""
    for need in line.needs:
        assert things[need]
    return f"/v1{things.filled(line.path)}"


@pytest.mark.parametrize("line", LISTS, ids=str)
@pytest.mark.parametrize(
    ("asked", "used"),
    [
        ("", 20),
        ("limit=1", 1),
        ("limit=0", 1),
        ("limit=-7", 1),
        ("limit=500", 500),
        ("limit=501", 500),
        ("limit=100000", 500),
    ],
)
def test_a_limit_is_clamped_without_a_word(
    full: httpx.Client, url: str, asked: str, used: int
) -> None:
    answer = full.get(f"{url}?{asked}")

    assert answer.status_code == 200
    assert answer.json()["pagination"]["limit"] == used
    assert len(answer.json()["data"]) <= used


@pytest.mark.parametrize("line", LISTS, ids=str)
def test_a_list_says_whether_there_is_more(full: httpx.Client, url: str) -> None:
    total = full.get(url).json()["pagination"]["total"]
    assert total >= 1

    for offset, rows in [(0, 1), (total - 1, 1), (total, 0), (total + 50, 0)]:
        body = full.get(url, params={"limit": 1, "offset": offset}).json()

        assert body["pagination"] == {
            "total": total,
            "limit": 1,
            "offset": offset,
            "has_more": offset + 1 < total,
        }
        assert len(body["data"]) == rows


@pytest.mark.parametrize("line", LISTS, ids=str)
def test_pages_hold_every_row_once_and_in_the_order_of_the_whole(
    full: httpx.Client, things: Things, url: str
) -> None:
    whole = full.get(url, params={"limit": 500}).json()["data"]

    pages = [full.get(url, params={"limit": 1, "offset": n}).json()["data"] for n in range(3)]

    assert [row for page in pages for row in page] == whole[:3]


@pytest.mark.parametrize("line", LISTS, ids=str)
def test_a_negative_offset_begins_at_the_first(full: httpx.Client, url: str) -> None:
    answer = full.get(url, params={"offset": -3})

    assert answer.status_code == 200
    assert answer.json()["data"] == full.get(url).json()["data"]


@pytest.mark.parametrize("line", LISTS, ids=str)
@pytest.mark.parametrize(
    "query",
    [
        *("limit=abc", "limit=", "limit=1.5", "offset=x", "limit=1&limit=2", "limit=1e3"),
        *("limit=1.0", "limit=1_0", "limit=+1", "offset=%201", "limit=%D9%A3", f"offset={2**63}"),
    ],
)
def test_a_query_that_cannot_be_read_is_a_bad_request(
    full: httpx.Client, url: str, query: str
) -> None:
    check_error(full.get(f"{url}?{query}"), 400, "bad_request")


@pytest.mark.parametrize("line", LISTS, ids=str)
def test_a_query_that_is_not_known_is_ignored(full: httpx.Client, url: str) -> None:
    assert full.get(f"{url}?sort=up&page=2").json()["data"] == full.get(url).json()["data"]
