"""Once a minute everything is looked at again, should a revocation not have told of it."""

import pytest
from django.db import DatabaseError

from hotdash.live import watch
from hotdash.live.hub import Hub
from tests.live.page import until
from tests.live.pushing import Pushing, listening, live
from tests.upstream import FakeUpstream


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_AGAIN_SECONDS", 0.1)


async def test_a_visit_that_stands_on_nothing_is_ended(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as page:  # whose session is in no database
        await live(page)
        await until(lambda: page.has_ended)
    assert page.of("bye") == [{"reason": "revoked"}]


async def test_each_key_is_tried_and_a_refused_one_hears_no_more(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "still_stands", lambda _: True)
    upstream.one("/env", {"env_id": "01a204e8-d8d8-72f2-9a6c-ba4271ff8c59", "name": "development"})
    async with listening(hub) as page:
        await live(page)
        await until(lambda: len(upstream.seen("/env")) >= 2)
        assert page.mark["state"] == "live"
        upstream.refuse("/env", 401)
        await until(lambda: page.mark["state"] == "refused")
        await until(lambda: not pushing.open)
        assert not page.has_ended


async def test_a_database_that_does_not_answer_ends_nobodys_stream(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bool:
        raise DatabaseError("locked")

    monkeypatch.setattr(watch, "still_stands", fails)
    monkeypatch.setattr(watch, "read_since", fails)
    upstream.one("/env", {"env_id": "01a204e8-d8d8-72f2-9a6c-ba4271ff8c59", "name": "development"})
    async with listening(hub) as page:
        await live(page)
        await until(lambda: len(upstream.seen("/env")) >= 3)
        assert not page.has_ended
