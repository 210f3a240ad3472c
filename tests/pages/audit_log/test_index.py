"""The audit log: every action with its outcome, person, time, subject and request."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hotdash.audit.models import Entry
from hotdash.audit.record import Deed, close, open_deed
from hotdash.guard.recording import record_creation
from tests import samples
from tests.canary import CANARY
from tests.cast import Cast
from tests.reading import one, said, select, text_of
from tests.upstream import REQUEST_ID, FakeUpstream

AUDIT = "/acme/settings/audit/"
KEY = "/acme/settings/environments/development/key/"


def rows(response: Any) -> list[str]:
    return [text_of(row) for row in select(response, "tbody tr")]


def do(cast: Cast, upstream: FakeUpstream) -> None:
    """Mia stores a key and is refused an environment; Adam sends a form that is not accepted."""
    upstream.one("/env", samples.environment())
    cast.browser(cast.mia).post(KEY, {"key": CANARY})
    cast.browser(cast.mia).post("/acme/settings/environments/new/", {})
    cast.browser(cast.adam).post("/acme/settings/environments/new/", {})


def test_each_action_is_one_row_the_newest_first(cast: Cast, upstream: FakeUpstream) -> None:
    do(cast, upstream)
    response = cast.browser(cast.olive).get(AUDIT)
    first, second, third = rows(response)
    assert "Adam Admin tried to add the environment" in first
    assert "Sent back" in first
    assert "Mia Member tried to add the environment" in second
    assert "Refused" in second
    assert "Mia Member stored their key to development" in third
    assert "Done" in third
    assert one(response, "tbody code").attributes["title"] == REQUEST_ID
    assert "1\N{EN DASH}3 of 3" in said(response)


def test_it_holds_no_secret(cast: Cast, upstream: FakeUpstream) -> None:
    do(cast, upstream)
    assert CANARY not in cast.browser(cast.olive).get(AUDIT).content.decode()


def test_it_is_filtered_by_person_action_and_time(cast: Cast, upstream: FakeUpstream) -> None:
    do(cast, upstream)
    client = cast.browser(cast.adam)
    assert len(rows(client.get(AUDIT, {"person": str(cast.mia.pk)}))) == 2
    assert len(rows(client.get(AUDIT, {"action": "environments.create"}))) == 2
    both = {"person": str(cast.mia.pk), "action": "environments.create"}
    assert len(rows(client.get(AUDIT, both))) == 1
    Entry.objects.filter(action="keys.set").update(at=timezone.now() - timedelta(hours=2))
    assert len(rows(client.get(AUDIT, {"time": "1h"}))) == 2
    assert len(rows(client.get(AUDIT, {"time": "24h"}))) == 3


def test_the_choices_are_who_and_what_is_in_the_log(cast: Cast, upstream: FakeUpstream) -> None:
    do(cast, upstream)
    response = cast.browser(cast.olive).get(AUDIT, {"person": str(cast.mia.pk)})
    people = [text_of(link) for link in select(response, "#menu-person a")]
    assert people == ["Adam Admin", "Mia Member"]
    actions = [text_of(link) for link in select(response, "#menu-action a")]
    assert actions == ["added the environment", "stored their key to"]
    (current,) = select(response, "#menu-person a[aria-current]")
    assert text_of(current) == "Mia Member"
    kept = {link.attributes["href"] for link in select(response, "#menu-action a")}
    assert all(address and f"person={cast.mia.pk}" in address for address in kept)


@pytest.mark.parametrize(
    "query", [{"person": "nobody"}, {"action": "<b>"}, {"time": "1y"}, {"from": "-1"}]
)
def test_a_condition_that_is_none_is_left_out_and_said(
    cast: Cast, upstream: FakeUpstream, query: dict[str, str]
) -> None:
    do(cast, upstream)
    response = cast.browser(cast.olive).get(AUDIT, query)
    assert response.status_code == 200
    assert len(rows(response)) == 3
    assert "It was left out" in said(response)


def test_fifty_rows_are_a_page(cast: Cast) -> None:
    for _ in range(51):
        record_creation(cast.olive, cast.acme)
    client = cast.browser(cast.olive)
    response = client.get(AUDIT)
    assert len(rows(response)) == 50
    older = one(response, "#older").attributes["href"]
    assert older == f"{AUDIT}?from=51"
    response = client.get(older)
    assert len(rows(response)) == 1
    assert "51\N{EN DASH}51 of 51" in said(response)
    beyond = client.get(AUDIT, {"from": "400"})
    assert "Nothing like this in the log" in said(beyond)


def test_the_listing_alone_is_a_part(cast: Cast) -> None:
    part = {"HX-Request": "true", "HX-Target": "listing"}
    response = cast.browser(cast.olive).get(AUDIT, headers=part)
    assert len(select(response, "#listing")) == 1
    assert not select(response, "main")


def test_an_action_without_its_end_says_so(cast: Cast) -> None:
    open_deed(Deed("keys.set", cast.mia, cast.acme, "staging", {}))
    (row,) = rows(cast.browser(cast.olive).get(AUDIT))
    assert "Never ended" in row


def test_a_failure_says_of_which_kind(cast: Cast) -> None:
    deed = Deed("keys.set", cast.mia, cast.acme, "staging", {})
    close(deed, open_deed(deed), "failed: NoAnswer")
    response = cast.browser(cast.olive).get(AUDIT)
    assert one(response, "tbody .status").attributes["title"] == "NoAnswer"
    assert "Failed" in rows(response)[0]


def test_an_empty_log_says_what_will_be_in_it(cast: Cast) -> None:
    assert "Nothing done yet" in said(cast.browser(cast.olive).get(AUDIT))


def test_what_people_are_called_is_text(cast: Cast) -> None:
    cast.mia.name = '<img src=x>\u202e"><b hx-get=/x hx-trigger=load>'
    cast.mia.save()
    record_creation(cast.mia, cast.acme)
    response = cast.browser(cast.olive).get(AUDIT)
    assert not select(response, "main img, main b, [hx-trigger=load]")
    assert "⟨U+202E⟩" in rows(response)[0]


def test_a_person_who_left_is_still_named(cast: Cast) -> None:
    record_creation(cast.mia, cast.acme)
    cast.mia.delete()
    assert "Mia Member" in rows(cast.browser(cast.olive).get(AUDIT))[0]


@pytest.mark.parametrize(
    ("person", "status"),
    [("olive", 200), ("adam", 200), ("mia", 403), ("vera", 403), ("stan", 404)],
)
def test_owners_and_admins_read_it(cast: Cast, person: str, status: int) -> None:
    client = cast.browser(getattr(cast, person))
    assert client.get(AUDIT).status_code == status


def test_another_organizations_actions_are_not_in_it(cast: Cast) -> None:
    record_creation(cast.stan, cast.umbra)
    assert "Stan" not in said(cast.browser(cast.olive).get(AUDIT))
    response = cast.browser(cast.olive).get(AUDIT, {"person": str(cast.stan.pk)})
    assert "It was left out" in said(response)


def test_a_type_of_event_that_poses_as_a_log_line_is_one_text_in_one_row(cast: Cast) -> None:
    forged = 'a\n{"level":"error"}'
    deed = Deed("events.publish", cast.mia, cast.acme, "staging", {"event_type": forged})
    close(deed, open_deed(deed), "done")
    response = cast.browser(cast.olive).get(AUDIT)
    (row,) = rows(response)
    assert 'a {"level":"error"}' in row
