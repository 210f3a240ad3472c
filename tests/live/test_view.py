"""GET /live/: each topic is checked as its page would be."""

from uuid import uuid4

import pytest

from hotdash.credentials.models import Credential
from hotdash.live import hub as hubs
from hotdash.live.hub import Hub
from hotdash.live.topics import environment_topic, run_topic
from tests import samples
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("hub_in_name", "upstream")


def test_whoever_may_see_the_page_may_listen(cast: Cast) -> None:
    place = cast.environment().pk
    topics = [environment_topic(place), run_topic(place, uuid4())]
    for person in (cast.olive, cast.adam, cast.mia, cast.vera):
        response = cast.browser(person).get("/live/", {"topic": topics})
        assert response.status_code == 200
        assert response["Content-Type"] == "text/event-stream"
        assert response["X-Accel-Buffering"] == "no"
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("kind", ["env", "run", "stream"])
def test_a_strangers_environment_is_as_unknown_as_none(cast: Cast, kind: str) -> None:
    subject = "" if kind == "env" else f"/{samples.new_id()}"
    for place in (cast.environment().pk, uuid4()):
        topic = f"{kind}:{place}{subject}"
        assert cast.browser(cast.stan).get("/live/", {"topic": topic}).status_code == 404


def test_one_topic_that_is_not_yours_refuses_them_all(cast: Cast) -> None:
    mine = environment_topic(cast.environment().pk)
    other = environment_topic(cast.environment("production", "umbra").pk)
    response = cast.browser(cast.mia).get("/live/", {"topic": [mine, other]})
    assert response.status_code == 404


def test_nobody_listens_without_signing_in(cast: Cast) -> None:
    response = cast.browser().get("/live/", {"topic": environment_topic(cast.environment().pk)})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_without_a_key_there_is_nothing_to_hear(cast: Cast) -> None:
    Credential.objects.filter(user=cast.mia).delete()
    topic = environment_topic(cast.environment().pk)
    assert cast.browser(cast.mia).get("/live/", {"topic": topic}).status_code == 403


@pytest.mark.parametrize("topic", ["", "env:1", "run:x/y", "../../etc", "env:" + "0" * 3000])
def test_what_is_no_topic_is_a_bad_request(cast: Cast, topic: str) -> None:
    assert cast.browser(cast.mia).get("/live/", {"topic": topic}).status_code == 400


def test_a_person_with_too_many_streams_is_told_when_to_come_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "MOST_OF_A_PERSON", 0)
    topic = environment_topic(cast.environment().pk)
    response = cast.browser(cast.mia).get("/live/", {"topic": topic})
    assert response.status_code == 429
    assert response["Retry-After"] == "30"


def test_where_no_hub_runs_a_browser_is_told_to_stop_asking(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotdash.live.hub._running", None)
    topic = environment_topic(cast.environment().pk)
    assert cast.browser(cast.mia).get("/live/", {"topic": topic}).status_code == 204


@pytest.mark.parametrize(
    "after", ["", "x", "abc.1", "0123456789ab." + "9" * 40, "0123456789ab.1\n"]
)
def test_an_odd_cursor_is_a_foreign_one(cast: Cast, after: str) -> None:
    topic = environment_topic(cast.environment().pk)
    query = {"topic": topic, "after": after}
    assert cast.browser(cast.mia).get("/live/", query).status_code == 200


def test_a_stream_that_is_never_read_takes_no_place(cast: Cast) -> None:
    topic = environment_topic(cast.environment().pk)
    for _ in range(25):
        assert cast.browser(cast.mia).get("/live/", {"topic": topic}).status_code == 200
    running = hubs.running()
    assert isinstance(running, Hub)
    assert running.guests == {}
