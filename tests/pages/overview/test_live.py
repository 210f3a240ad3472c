"""The overview follows what happens: its figures in place, its failures behind a count."""

from tests import samples
from tests.cast import Cast
from tests.reading import attribute, select
from tests.upstream import FakeUpstream

OVERVIEW = "/acme/development/"


def test_panels_follow_and_new_failures_are_counted(cast: Cast, upstream: FakeUpstream):
    failed = samples.run("failed")
    upstream.many("/runs", [failed, samples.run("running")])
    upstream.one("/runs/stats", samples.stats())
    answer = cast.browser(cast.mia).get(OVERVIEW)
    assert "topic=env%3A" in attribute(answer, "#live", "data-live-url")
    following = [node.attributes["id"] for node in select(answer, '[data-follows="run"]')]
    assert following == ["verdict", "counts", "running"]
    assert attribute(answer, "#failing", "data-newest") == failed["run_id"]
    assert attribute(answer, "#failing .arrivals a", "hx-target") == "#failing"
