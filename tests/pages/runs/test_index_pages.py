"""The pages of the list of runs, the empty ones too, and the list as a part."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from hotdash.gateway import reading
from tests import samples
from tests.pages.runs.listing import LIST, PART, answer
from tests.reading import attribute, one, select, text_of

# --- Pages ---------------------------------------------------------------------------------------


def test_the_first_page_leads_to_the_next_and_carries_its_first_row(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, runs)
    response = mia.get(LIST)
    older = one(response, "#older").attributes["href"]
    assert older == f"{LIST}?from=51&first={runs[0]['run_id']}"
    assert "href" not in one(response, "#newer").attributes
    assert "1\N{EN DASH}50 of 120" in text_of(one(response, ".pager"))


def test_pages_follow_each_other_without_gap_or_repetition(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, runs)
    seen: list[str | None] = []
    address: str | None = LIST
    while address:
        response = mia.get(address)
        seen += [code.attributes["title"] for code in select(response, "#rows code.uid")]
        address = one(response, "#older").attributes.get("href")
    assert seen == [run["run_id"] for run in runs]


def test_runs_that_came_in_meanwhile_shift_nothing(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, runs)
    older = one(mia.get(LIST), "#older").attributes["href"]
    answer(upstream, [samples.run() for _ in range(7)] + runs)
    response = mia.get(older)
    shown = [code.attributes["title"] for code in select(response, "#rows code.uid")]
    assert shown == [run["run_id"] for run in runs[50:100]]
    assert "51\N{EN DASH}100 of 120, and 7 newer" in text_of(one(response, ".pager"))


def test_a_list_that_moved_too_far_says_so_and_offers_the_newest(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, [samples.run() for _ in range(60)] + runs)
    response = mia.get(f"{LIST}?status=&from=51&first={runs[0]['run_id']}")
    assert "The list has moved on" in text_of(one(response, ".alert"))
    assert one(response, ".alert a").attributes["href"] == LIST


def test_a_later_page_costs_two_calls_and_counts_come_after_it(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, runs)
    response = mia.get(f"{LIST}?from=51&first={runs[0]['run_id']}")
    assert [call.path for call in upstream.calls] == ["/runs", "/runs"]
    assert attribute(response, "#facets a.facets-due", "hx-get") == f"{LIST}totals/"


def test_a_page_beyond_the_end_says_so_and_leads_back(mia, upstream):
    answer(upstream, [samples.run() for _ in range(120)])
    response = mia.get(f"{LIST}?from=951")
    assert response.status_code == 200
    assert "The list ends before this page" in text_of(one(response, ".empty"))
    back = [link.attributes["href"] for link in select(response, ".empty a")]
    assert back == [f"{LIST}?from=101", LIST]


def test_a_page_shortened_by_the_server_is_followed_from_where_it_ended(mia, upstream, monkeypatch):
    monkeypatch.setattr(reading, "BODY_BYTES", 150_000)
    answer(upstream, [samples.run(result="x" * 5_000) for _ in range(60)])
    response = mia.get(LIST)
    assert "1\N{EN DASH}25 of 60" in text_of(one(response, ".pager"))
    assert "from=26" in attribute(response, "#older", "href")


# --- Nothing to show -----------------------------------------------------------------------------


def test_an_environment_without_runs_says_that_there_is_nothing_yet(mia, upstream):
    answer(upstream, [], total_runs=0)
    response = mia.get(LIST)
    assert text_of(one(response, "#nothing-yet")) == "No run yet in Development"
    assert [text_of(link) for link in select(response, ".rows a")] == [
        "Look in Staging",
        "Look in Production",
    ]


def test_an_empty_embedded_environment_says_how_the_first_run_comes_about():
    staging = SimpleNamespace(name="staging", is_embedded=True)
    shell = SimpleNamespace(environment=staging, environments=(staging,))
    html = render_to_string("runs/_nothing_yet.html", {"shell": shell})
    assert ">.venv/bin/python -m hotdash.localapi pack hello</code>" in html
    guide = settings.BASE_DIR / "docs" / "embedded-api.md"
    assert "docs/embedded-api.md" in html
    assert ".venv/bin/python -m hotdash.localapi pack" in guide.read_text()


def test_an_empty_list_says_nothing_yet_even_while_counts_fail(mia, upstream):
    answer(upstream, [])
    upstream.raw("/runs/stats", b"", 500)
    assert len(select(mia.get(LIST), "#nothing-yet")) == 1


def test_runs_that_are_there_are_shown_whatever_the_counts_say(mia, upstream):
    answer(upstream, [samples.run()], total_runs=0)
    response = mia.get(LIST)
    assert len(select(response, "#rows tr")) == 1
    assert select(response, "#nothing-yet") == []


def test_a_filter_that_does_not_exist_is_said_in_an_empty_environment_too(mia, upstream):
    answer(upstream, [], total_runs=0)
    response = mia.get(f"{LIST}?status=exploded")
    assert "There is no status" in text_of(one(response, ".alert"))
    assert len(select(response, "#nothing-yet")) == 1


def test_filters_that_leave_nothing_are_told_from_an_empty_environment(mia, upstream):
    answer(upstream, [], total_runs=2318)
    response = mia.get(f"{LIST}?status=failed&type=call&time=1h")
    expected = "No failed run started by a call in the last hour"
    assert text_of(one(response, "#nothing")) == expected
    assert "2,318 runs in Development without these filters." in text_of(one(response, ".empty"))
    assert one(response, ".empty a").attributes["href"] == LIST


# --- As a part -----------------------------------------------------------------------------------


def test_htmx_gets_the_listing_alone_and_hears_what_is_shown(mia, upstream):
    answer(upstream, [samples.run("failed")])
    response = mia.get(f"{LIST}?status=failed", headers=PART)
    assert select(response, "header, nav.nav") == []
    assert len(select(response, "#listing #rows tr")) == 1
    said = one(response, "#listing [data-said]")
    assert text_of(said) == "1 to 1 of 1 runs"
    assert {"HX-Request", "HX-Target"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_pages_come_whole(mia, upstream, header):
    answer(upstream, [samples.run()])
    response = mia.get(LIST, headers={**PART, header: "true"})
    assert len(select(response, "html header.topbar")) == 1


def test_a_page_of_fifty_runs_stays_small(mia, upstream):
    reason = 'currency must be one of EUR, GBP, USD; got "usd"'
    runs = [
        samples.run("failed", result=samples.failure(reason), attempt=3, retry_max=2)
        if place % 5 == 0
        else samples.run()
        for place in range(50)
    ]
    answer(upstream, runs, total=2000)
    assert len(mia.get(LIST).content) <= 60_000
    assert len(mia.get(LIST, headers={"Accept-Encoding": "gzip, br"}).content) <= 10_000
