"""The sentence that the overview opens with, and what counts as failing."""

from tests.pages.overview.first_page import PAGE, failed, names, tell, verdict
from tests.reading import heading
from tests.samples import run


def test_recent_failures_come_first(mia, upstream):
    tell(upstream, failed(), failed(), failed(minutes=90), run("running"))
    response = mia.get(PAGE)
    assert heading(response) == "Overview"
    assert verdict(response) == "2 runs failed in the last hour. 1 is running now."


def test_failures_that_lie_back_are_said_to(mia, upstream):
    tell(upstream, failed(minutes=150))
    words = "No run failed in the last hour. The last failure was 2 h ago. None is running now."
    assert verdict(mia.get(PAGE)).replace("\N{NARROW NO-BREAK SPACE}", " ") == words


def test_without_any_failure_it_says_so(mia, upstream):
    tell(upstream, run(), run("running"), run("running"))
    assert verdict(mia.get(PAGE)) == "No run has failed. 2 are running now."


def test_when_more_may_have_failed_than_were_read_it_says_at_least(mia, upstream):
    tell(upstream, *(failed() for _ in range(60)))
    assert verdict(mia.get(PAGE)).startswith("At least 25 runs failed in the last hour.")


def test_what_waits_for_another_attempt_is_counted(mia, upstream):
    tell(upstream, run("pending_retry"))
    words = "No run has failed. 1 run waits for the next attempt. None is running now."
    assert verdict(mia.get(PAGE)) == words


def test_what_a_later_attempt_put_right_does_not_fail_any_more(mia, upstream):
    first = failed(attempt=1, retry_max=2, var="on-paid")
    other = failed(attempt=1, retry_max=2, var="on-sent")
    second = run(attempt=2, retry_max=2, origin_run_id=first["run_id"])
    tell(upstream, second, first, other)
    assert names(mia.get(PAGE), "#failing") == ["on-sent"]


def test_later_attempts_are_looked_for_only_where_there_may_be_some(mia, upstream):
    tell(upstream, failed(attempt=3, retry_max=2))
    mia.get(PAGE)
    assert "status" in upstream.seen("/runs")[-1].params


def test_an_empty_environment_is_one(mia, upstream):
    tell(upstream, total_runs=0, running=0, succeeded=0, failed=0)
    assert verdict(mia.get(PAGE)) == "Nothing has run in Development yet."
