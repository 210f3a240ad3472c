"""The list of runs tells what is new without moving."""

from tests import samples
from tests.cast import Cast
from tests.reading import attribute, one, select
from tests.upstream import FakeUpstream

RUNS = "/acme/development/runs/"


def shown(upstream: FakeUpstream, runs: list[samples.Wire]) -> None:
    upstream.many("/runs", runs)
    upstream.one("/runs/stats", samples.stats())


def test_the_list_listens_to_its_environment(cast: Cast, upstream: FakeUpstream):
    shown(upstream, [samples.run()])
    url = attribute(cast.browser(cast.mia).get(RUNS), "#live", "data-live-url")
    assert url.startswith(f"/live/?topic=env%3A{cast.acme.environments.get(slug='development').pk}")


def test_it_knows_its_newest_row_and_where_newer_ones_are(cast: Cast, upstream: FakeUpstream):
    newest, older = samples.run(), samples.run()
    shown(upstream, [newest, older])
    answer = cast.browser(cast.mia).get(RUNS)
    assert attribute(answer, "#listing", "data-newest") == newest["run_id"]
    pill = one(answer, ".arrivals a")
    assert "hidden" in pill.attributes
    assert pill.attributes["href"] == RUNS
    assert "data-aside" not in pill.attributes


def test_under_a_filter_the_count_says_that_it_has_none(cast: Cast, upstream: FakeUpstream):
    shown(upstream, [samples.run("failed")])
    answer = cast.browser(cast.mia).get(RUNS, {"status": "failed"})
    assert attribute(answer, ".arrivals a", "href") == f"{RUNS}?status=failed"
    assert attribute(answer, ".arrivals a", "data-aside") == " of any kind"


def test_on_a_later_page_the_newest_is_that_of_the_first(cast: Cast, upstream: FakeUpstream):
    runs = [samples.run() for _ in range(60)]
    shown(upstream, runs)
    answer = cast.browser(cast.mia).get(RUNS, {"from": 51, "first": runs[0]["run_id"]})
    assert attribute(answer, "#listing", "data-newest") == runs[0]["run_id"]


def test_rows_are_read_again_from_the_row_on_that_was_the_first(cast: Cast, upstream: FakeUpstream):
    runs = [samples.run() for _ in range(60)]
    shown(upstream, runs)
    answer = cast.browser(cast.mia).get(RUNS, {"first": runs[3]["run_id"]})
    assert attribute(answer, "tbody tr:first-child code.uid", "title") == runs[3]["run_id"]
    assert len(select(answer, "tbody tr")) == 50


def test_an_empty_list_announces_its_first_run(cast: Cast, upstream: FakeUpstream):
    upstream.many("/runs", [])
    upstream.one("/runs/stats", samples.stats(total_runs=0))
    upstream.many("/projects", [])
    answer = cast.browser(cast.mia).get(RUNS)
    assert attribute(answer, "#listing", "data-newest") == ""
    assert len(select(answer, ".arrivals a")) == 1
