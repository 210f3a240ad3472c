"""What the stream's own view hands over: where the page stands, its topics, its rights."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import RequestAborted

from hotdash.live import admission, revocations
from hotdash.live.admission import Seat, Visit, admit, still_stands
from hotdash.live.handler import LARGEST_BODY, Streams
from hotdash.live.horizon import read_since
from hotdash.live.hub import Hub
from hotdash.live.topics import Topic, environment_topic, run_topic
from tests.cast import Cast

HUB = "0123456789ab"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Visit, tuple[str, int] | None]]:
    """The visits that were let in, and where each stands."""
    visits: list[tuple[Visit, tuple[str, int] | None]] = []

    class Recording(Hub):
        def stream(
            self, visit: Visit, after: tuple[str, int] | None
        ) -> AsyncGenerator[bytes, None]:
            visits.append((visit, after))
            return super().stream(visit, after)

    monkeypatch.setattr("hotdash.live.hub._running", Recording())
    return visits


@pytest.mark.parametrize(
    ("query", "header", "place"),
    [
        (f"{HUB}.7", None, (HUB, 7)),
        ("", f"{HUB}.9", (HUB, 9)),
        (f"{HUB}.7", f"{HUB}.9", (HUB, 9)),
        (f"{HUB}.7", "", (HUB, 7)),
        ("nonsense", None, None),
    ],
)
def test_what_the_browser_heard_last_goes_before_what_the_page_was_made_from(
    cast: Cast, opened: list[Any], query: str, header: str | None, place: object
) -> None:
    headers = {} if header is None else {"Last-Event-ID": header}
    topic = environment_topic(cast.environment().pk)
    where = {"topic": topic, "after": query}
    assert cast.browser(cast.mia).get("/live/", where, headers=headers).status_code == 200
    assert [after for _, after in opened] == [place]


def test_a_topic_that_is_named_twice_is_heard_once(cast: Cast, opened: list[Any]) -> None:
    topic = environment_topic(cast.environment().pk)
    assert cast.browser(cast.mia).get("/live/", {"topic": [topic, topic]}).status_code == 200
    [(visit, _)] = opened
    assert [str(seat.topic) for seat in visit.seats] == [topic]


def test_a_visit_ends_with_its_person_session_and_environments_and_nobody_elses(
    cast: Cast, opened: list[Any]
) -> None:
    places = [cast.environment().pk, cast.environment("staging").pk]
    topics = [environment_topic(places[0]), run_topic(places[1], uuid4())]
    browser = cast.browser(cast.mia)
    browser.get("/live/", {"topic": topics})
    [(visit, _)] = opened
    assert visit.subjects == {
        revocations.person(cast.mia.pk),
        revocations.session(str(browser.session.session_key)),
        *(revocations.environment(place) for place in places),
    }


def test_what_is_revoked_while_rights_are_looked_at_ends_the_visit(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = admission._seat

    def revoked_meanwhile(*args: Any) -> Seat:
        seat = look(*args)
        revocations.revoke(revocations.person(cast.mia.pk))
        return seat

    monkeypatch.setattr(admission, "_seat", revoked_meanwhile)
    visit = admit(cast.mia, "a session", [Topic("env", cast.environment().pk)])
    assert any(visit.horizon.is_beyond(each) for each in read_since([visit.horizon]))


def test_a_session_in_which_another_has_signed_in_is_not_the_visits(cast: Cast) -> None:
    browser = cast.browser(cast.mia)
    visit = admit(cast.mia, str(browser.session.session_key), [Topic("env", cast.environment().pk)])
    session = browser.session
    session["_auth_user_id"] = str(cast.adam.pk)
    session["_auth_user_hash"] = cast.adam.get_session_auth_hash()
    session.save()
    assert not still_stands(visit)


async def messages(*said: Mapping[str, Any]) -> Any:
    """A client that says these, then breaks the test when it is asked for more."""
    left = iter(said)

    async def receive() -> Mapping[str, Any]:
        return next(left)

    return receive


async def test_a_small_body_is_passed_over_and_a_large_one_broken_off() -> None:
    small = {"type": "http.request", "body": b"x" * 1000, "more_body": True}
    end = {"type": "http.request", "body": b""}
    assert (await Streams().read_body(await messages(small, small, end))).read() == b""
    large = {"type": "http.request", "body": b"x" * LARGEST_BODY, "more_body": True}
    with pytest.raises(RequestAborted):
        await Streams().read_body(await messages(large))
    with pytest.raises(RequestAborted):
        await Streams().read_body(await messages(small, {"type": "http.disconnect"}))
