"""How often is looked: for changes each second, at everything once a minute."""

import asyncio

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

from hotdash.live import revocations, watch
from hotdash.live.admission import Visit
from hotdash.live.horizon import Horizon, Revoked, read_since
from hotdash.live.hub import Hub
from tests.live.page import until
from tests.live.pushing import Pushing, listening, live
from tests.upstream import FakeUpstream


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_AGAIN_SECONDS", 0.1)


def test_a_change_of_a_right_is_read_within_two_seconds_however_many_listen() -> None:
    assert watch.POLL_SECONDS <= 1


async def test_a_visit_that_stands_on_nothing_is_ended(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as page:  # whose session is in no database
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


@pytest.mark.parametrize("error", [InterfaceError("gone"), OperationalError("gone"), OSError()])
async def test_what_is_revoked_ends_streams_although_a_look_failed_before(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failed: list[Exception] = []

    def fails_once(*horizons: list[Horizon]) -> list[Revoked]:
        if not failed:
            failed.append(error)
            raise error
        return read_since(*horizons)

    monkeypatch.setattr(watch, "LOOK_AGAIN_SECONDS", 60)
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(watch, "read_since", fails_once)
    async with listening(hub) as page:
        await live(page)
        await until(lambda: failed)
        await asyncio.to_thread(revocations.revoke, "person:mia")
        await until(lambda: page.has_ended)
    assert page.of("bye") == [{"reason": "revoked"}]


async def test_one_whose_rights_cannot_be_looked_at_keeps_no_other_from_it(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_for_mia(visit: Visit) -> bool:
        if visit.person_id == "mia":
            raise ZeroDivisionError
        return False

    monkeypatch.setattr(watch, "still_stands", fails_for_mia)
    async with listening(hub, "mia") as mia, listening(hub, "adam") as adam:
        await until(lambda: adam.has_ended)
        assert not mia.has_ended
