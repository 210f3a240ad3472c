"""One's own key: stored once it was accepted, replaced, removed, and nobody else's business."""

import logging
import uuid

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from hotdash.audit.models import Entry
from hotdash.credentials.keys import key_for
from hotdash.credentials.models import Credential
from hotdash.orgs.models import Environment
from tests import samples
from tests.canary import CANARY, require_no_trace
from tests.cast import Cast, key_of
from tests.reading import attribute, one, said, select, text_of
from tests.upstream import FakeUpstream

KEY = "/acme/settings/environments/development/key/"
SHOW = "/acme/settings/environments/development/"


@pytest.mark.parametrize("person", ["olive", "adam", "mia", "vera"])
def test_everybody_stores_their_own(cast: Cast, upstream: FakeUpstream, person: str) -> None:
    upstream.one("/env", samples.environment())
    someone = getattr(cast, person)
    Credential.objects.filter(user=someone).delete()
    client = cast.browser(someone)
    response = client.post(KEY, {"key": CANARY, "user": str(cast.stan.pk)})
    assert (response.status_code, response["Location"]) == (303, SHOW)
    stored = key_for(cast.membership(someone), cast.environment())
    assert stored is not None
    assert stored.reveal() == CANARY
    assert Credential.objects.filter(last4="nary").count() == 1
    assert "Your key to Development is stored." in said(client.get(SHOW))


def test_another_key_takes_the_place_of_the_first(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.one("/env", samples.environment())
    client = cast.browser(cast.mia)
    assert "in place of …amia" in said(client.get(KEY))
    client.post(KEY, {"key": CANARY})
    (mine,) = Credential.objects.filter(user=cast.mia, environment=cast.environment())
    assert mine.last4 == "nary"


def test_a_refused_key_leaves_the_former_one(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 401)
    response = cast.browser(cast.mia).post(KEY, {"key": CANARY})
    assert response.status_code == 422
    assert "The Hot API does not accept this key." in said(response)
    assert "value" not in select(response, "#id_key")[0].attributes
    stored = key_for(cast.membership(cast.mia), cast.environment())
    assert stored is not None
    assert stored.reveal() == key_of(cast.mia)


def test_a_key_of_another_environment_is_refused_naming_both(
    cast: Cast, upstream: FakeUpstream
) -> None:
    place = cast.environment()
    place.upstream_env_id = uuid.uuid4()
    place.save()
    wire = samples.environment(name="elsewhere")
    upstream.one("/env", wire)
    response = cast.browser(cast.mia).post(KEY, {"key": CANARY})
    assert response.status_code == 422
    words = said(response)
    assert str(place.upstream_env_id) in words
    assert f"elsewhere ({wire['env_id']})" in words


def test_a_key_is_not_kept_for_an_address_at_which_it_was_not_tried(
    cast: Cast, upstream: FakeUpstream
) -> None:
    elsewhere = "http://elsewhere.test:4681"
    Credential.objects.filter(user=cast.mia).delete()
    upstream.one("/env", samples.environment())
    upstream.before("/env", lambda _: Environment.objects.update(base_url=elsewhere))
    response = cast.browser(cast.mia).post(KEY, {"key": CANARY})
    assert response.status_code == 422
    assert f"Development went to another address: {elsewhere}" in said(response)
    assert not Credential.objects.filter(user=cast.mia).exists()
    assert cast.environment().upstream_env_id is None


def test_the_eleventh_try_is_429(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 401)
    client = cast.browser(cast.mia)
    statuses = [client.post(KEY, {"key": CANARY}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_where_a_page_has_no_key_it_has_the_field_for_one(
    cast: Cast, upstream: FakeUpstream
) -> None:
    Credential.objects.filter(user=cast.mia).delete()
    client = cast.browser(cast.mia)
    response = client.get("/acme/development/runs/")
    assert response.status_code == 403
    assert attribute(response, "form:has(#id_key)", "action") == KEY
    assert attribute(response, "#id_key", "type") == "password"
    upstream.one("/env", samples.environment())
    assert client.post(KEY, {"key": CANARY}).status_code == 303


def test_a_key_that_was_taken_back_leads_to_another(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.refuse("/runs", 401)
    upstream.refuse("/runs/stats", 401)
    response = cast.browser(cast.mia).get("/acme/development/runs/")
    assert attribute(response, "form:has(#id_key)", "action") == KEY


def test_who_makes_another_is_said_where_hotdash_makes_the_keys(
    cast: Cast, upstream: FakeUpstream, settings: Settings
) -> None:
    cast.embed(settings)
    upstream.refuse("/runs", 401)
    upstream.refuse("/runs/stats", 401)
    response = cast.browser(cast.mia).get("/acme/development/runs/")
    assert "At its next start it finds that this one is refused" in said(response)
    assert not select(response, "#id_key")


def test_removing_it_is_asked_first_and_takes_only_ones_own(
    cast: Cast, upstream: FakeUpstream
) -> None:
    removal = reverse("keys:removal", args=["acme", "development"])
    client = cast.browser(cast.mia)
    assert "Remove your key …amia to Development?" in said(client.get(removal))
    assert Credential.objects.filter(user=cast.mia, environment=cast.environment()).exists()
    response = client.post(removal, {"user": str(cast.adam.pk)})
    assert (response.status_code, response["Location"]) == (303, SHOW)
    holders = Credential.objects.filter(environment=cast.environment()).values_list("user__email")
    assert {email.partition("@")[0] for (email,) in holders} == {"olive", "adam", "vera"}
    assert upstream.calls == []
    assert client.get(removal).status_code == 404
    assert client.get("/acme/development/runs/").status_code == 403


def test_each_deed_is_in_the_record_without_the_key(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.one("/env", samples.environment())
    client = cast.browser(cast.mia)
    client.post(KEY, {"key": CANARY})
    client.post(f"{KEY}removal/")
    rows = [(row.action, row.outcome) for row in Entry.objects.filter(phase="closed")]
    assert rows == [("keys.set", "done"), ("keys.remove", "done")]
    assert CANARY not in repr(list(Entry.objects.values()))


def test_a_key_is_in_no_answer_no_log_and_no_table(
    cast: Cast,
    upstream: FakeUpstream,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    client = cast.browser(cast.mia)
    client.raise_request_exception = False
    upstream.refuse("/env", 401)
    answers = [client.post(KEY, {"key": CANARY})]
    upstream.fail("/env", RuntimeError("a fault of ours"))
    answers.append(client.post(KEY, {"key": CANARY}))
    upstream.one("/env", samples.environment())
    answers += [client.post(KEY, {"key": CANARY}), client.get(SHOW), client.get(KEY)]
    assert [answer.status_code for answer in answers] == [422, 500, 303, 200, 200]
    require_no_trace(CANARY, answers, caplog, capsys)


def test_a_strangers_organization_has_no_such_address(cast: Cast, upstream: FakeUpstream) -> None:
    client = cast.browser(cast.stan)
    assert client.post(KEY, {"key": CANARY}).status_code == 404
    assert upstream.calls == []


def test_a_key_that_hotdash_makes_itself_is_promised_to_nobody(
    cast: Cast, settings: Settings
) -> None:
    cast.embed(settings)
    refusal = cast.browser(cast.olive).get(KEY)
    assert refusal.status_code == 403
    told = text_of(one(refusal, ".verdict"))
    assert told == "hotdash makes and keeps the keys to an embedded environment."
