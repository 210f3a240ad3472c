"""What an address may ask for at most: rows, how far down a list, length, depth and nodes."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from hotdash.gateway.lists import MAX_LIMIT
from hotdash.guard.queries import LONGEST
from hotdash.kit.paging import FARTHEST
from tests import samples
from tests.cast import Cast
from tests.furnished import furnish
from tests.reading import one, said, select, text_of
from tests.routes import EVENT_ID, RUN_ID
from tests.upstream import FakeUpstream

LISTS = ("/acme/staging/runs/", "/acme/staging/events/", "/acme/settings/audit/")
RUN, EVENT = f"/acme/staging/runs/{RUN_ID}/", f"/acme/staging/events/{EVENT_ID}/"
PAGES = (*LISTS, "/acme/staging/", RUN, f"{RUN}lineage/", EVENT, "/acme/staging/events/new/")
MOST_MEMORY = 48 * 2**20
DEEP: Any = 1
for _ in range(80):
    DEEP = {"inner": [DEEP]}
MANY = [{"a": place % 10} for place in range(7_000)]
WIDE = {"rows": [{"key": number, "more": {"text": "x" * 20}} for number in range(20_000)]}


@pytest.fixture
def olive(cast: Cast, upstream: FakeUpstream) -> Client:
    """The browser of an owner, in front of a Hot API on which all is well."""
    furnish(upstream)
    return cast.browser(cast.olive)


@contextmanager
def in_bounded_memory() -> Iterator[None]:
    """Fail where what is done inside needs more memory than any page may."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def asked(upstream: FakeUpstream, name: str) -> list[int]:
    """A number of every question that carried it."""
    return [int(call.params[name]) for call in upstream.calls if name in call.params]


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("position", [FARTHEST + 2, 10**12, "9" * 4000])
def test_a_position_beyond_the_farthest_is_said_and_not_asked_for(
    olive: Client, upstream: FakeUpstream, page: str, position: str | int
) -> None:
    with in_bounded_memory():
        answer = olive.get(page, {"from": position})
    assert answer.status_code == 200
    assert "is no position in the list; a page begins at 1 to 100,001." in said(answer)
    assert max(asked(upstream, "offset"), default=0) == 0


@pytest.mark.parametrize("page", LISTS[:2])
def test_a_list_is_shown_to_the_farthest_row_and_says_so(
    olive: Client, upstream: FakeUpstream, page: str
) -> None:
    runs = page == LISTS[0]
    rows = [samples.run() if runs else samples.event() for _ in range(50)]
    upstream.many("/runs" if runs else "/events", [{}] * FARTHEST + rows, total=10**7)
    answer = olive.get(page, {"from": FARTHEST + 1})
    assert len(select(answer, "#rows tr")) == 50
    assert "href" not in one(answer, "#older").attributes
    assert "The list is shown no farther than this." in text_of(one(answer, ".pager"))
    assert "href" in one(answer, "#newer").attributes


@pytest.mark.parametrize("page", PAGES)
def test_no_address_makes_a_page_ask_for_more_rows(
    olive: Client, upstream: FakeUpstream, page: str
) -> None:
    names = ("limit", "page_size", "per_page", "size", "rows", "refresh", "interval")
    answer = olive.get(page, dict.fromkeys(names, 10**9))
    assert answer.status_code == 200
    assert max(asked(upstream, "limit"), default=0) <= MAX_LIMIT


@pytest.mark.parametrize("call", [10**5 + 1, 10**9, "9" * 4000, -1])
def test_a_far_call_of_a_trace_is_not_asked_for(
    olive: Client, upstream: FakeUpstream, call: str | int
) -> None:
    for query in ({"call": call}, {"from": call}):
        assert olive.get(RUN, query).status_code == 200
    assert max(asked(upstream, "offset"), default=0) <= FARTHEST


@pytest.mark.parametrize("page", [*PAGES, "/live/", "/accounts/login/", "/nowhere/at/all/"])
def test_a_long_query_is_answered_in_words_and_asks_nothing(
    olive: Client, upstream: FakeUpstream, page: str
) -> None:
    with in_bounded_memory():
        answer = olive.get(page, {"q": "x" * (LONGEST + 1 - len("q="))})
    assert answer.status_code == 414
    assert "more than 4 kB" in said(answer)
    assert upstream.calls == []


def test_a_query_of_4_kb_is_answered(olive: Client) -> None:
    assert olive.get(LISTS[0], {"q": "x" * (LONGEST - len("q="))}).status_code == 200


def test_a_long_query_of_a_part_is_answered_with_a_part(olive: Client) -> None:
    part = {"HX-Request": "true", "HX-Target": "listing"}
    answer = olive.get(LISTS[0], {"q": "x" * LONGEST}, headers=part)
    assert answer.status_code == 414
    assert select(answer, ".alert")
    assert not select(answer, "main")


def test_nobody_is_sent_to_sign_in_with_an_address_that_is_refused_there(db: None) -> None:
    browser = Client()
    for headers in (
        {},
        {"HX-Request": "true", "HX-Current-URL": "http://testserver/?" + "ä" * 900},
    ):
        answer = browser.get(LISTS[0], {"q": "ä" * 600}, headers=headers)
        to = answer.headers.get("HX-Redirect") or answer.headers["Location"]
        assert browser.get(to).status_code == 200


@pytest.mark.parametrize("value", [DEEP, MANY, WIDE], ids=["deep", "many", "wide"])
def test_a_response_draws_at_most_2000_nodes_none_deeper_than_64(
    olive: Client, upstream: FakeUpstream, value: Any
) -> None:
    error = {"type": "Refused", "msg": "no", "details": value}
    result = samples.failure("no", value)
    run = samples.run("failed", run_id=RUN_ID, event_id=EVENT_ID, result=result)
    event = samples.event(event_id=EVENT_ID, event_data=value)
    upstream.show(run, [samples.call(args=value, value=value, error=error)], event)
    for page in (RUN, f"{RUN}input/", f"{RUN}result/", EVENT, f"{EVENT}again/"):
        with in_bounded_memory():
            answer = olive.get(page)
        assert answer.status_code == 200, page
        assert len(select(answer, ".json li")) <= 2_000, page
        assert not select(answer, ".json " + "li " * 64 + "li"), page
        assert len(answer.content) < 2**20, page


def test_many_variables_share_the_2000_nodes(olive: Client, upstream: FakeUpstream) -> None:
    run = samples.run(run_id=RUN_ID, event_id=EVENT_ID)
    upstream.show(run, [samples.variable(value=MANY[:500]) for _ in range(500)])
    answer = olive.get(f"{RUN}variables/")
    assert answer.status_code == 200
    assert len(select(answer, ".json li")) <= 2_000
