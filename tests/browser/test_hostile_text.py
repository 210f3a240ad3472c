"""Text from outside, as hostile as it comes, in every field of every page: nothing happens.

The pages are served by Django's live server in this process, so that the fake upstream answers.
"""

import pytest

from tests import samples
from tests.browser.entering import enter
from tests.cast import Cast
from tests.upstream import FakeUpstream

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("database_beside_a_loop"),
    pytest.mark.django_db(transaction=True),
]

HOSTILE = (
    "<img src=/stolen onerror=\"document.title='owned'\">"
    '"><b hx-get=/stolen hx-trigger=load>{{7*7}}]]><script src=/stolen></script>'
    "'--!><svg onload=document.title='owned'>\x1b[2J\u202e"
)


def hostile_run(status: str) -> samples.Wire:
    """A run whose every text is hostile."""
    texts = dict.fromkeys(("ns", "var", "event_type", "project_name", "run_type"), HOSTILE)
    failed = {
        "$type": HOSTILE,
        "$val": {"msg": HOSTILE, "err": {"type": HOSTILE, HOSTILE: HOSTILE}},
    }
    return samples.run(status, **texts, result=failed)


def hostile_call(run: samples.Wire) -> samples.Wire:
    """A failed call whose every text is hostile."""
    return samples.call(
        ns=HOSTILE,
        var=HOSTILE,
        value={HOSTILE: HOSTILE},
        args={HOSTILE: [HOSTILE]},
        error={"type": HOSTILE, "msg": HOSTILE},
        file=HOSTILE,
        run_id=run["run_id"],
    )


def test_hostile_text_is_shown_and_nothing_else_happens(
    cast: Cast, upstream: FakeUpstream, live_server, page
):
    run = hostile_run("failed")
    event = samples.event(HOSTILE, event_id=run["event_id"], event_data={HOSTILE: HOSTILE})
    upstream.show(run, [hostile_call(run)], event)
    upstream.many("/runs", [run, hostile_run("pending_retry"), hostile_run(HOSTILE)])
    upstream.many("/events", [event])
    upstream.one("/runs/stats", samples.stats(total_runs=900))
    upstream.many("/projects", [samples.project()])
    handlers = f"/projects/{samples.PROJECT_ID}/event-handlers"
    upstream.many(handlers, [samples.event_handler(HOSTILE, ns=HOSTILE, var=HOSTILE)])
    enter(page, cast, live_server.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    run_page = f"/acme/development/runs/{run['run_id']}/"
    tabs = ("", "input/", "result/", "raw/")
    event_page = f"/acme/development/events/{event['event_id']}/"
    pages = ("", "runs/", "events/")
    for path in (
        *(f"/acme/development/{name}" for name in pages),
        *(run_page + tab for tab in tabs),
        *(event_page + name for name in ("", "again/", "listeners/")),
    ):
        page.goto(live_server.url + path, wait_until="networkidle")
        assert "<img src=/stolen" in page.inner_text("main")
        assert page.locator("main img, main script, main b[hx-get]").count() == 0
        assert page.title().endswith("hotdash")
    assert [url for url in asked if "stolen" in url] == []
