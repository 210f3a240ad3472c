"""Taking an environment to another address: every key to it is destroyed, none is sent there."""

from typing import Any

import httpx
import pytest
from django.test import Client

from hotdash.audit.models import Entry, Phase
from hotdash.credentials.models import Credential
from hotdash.orgs.models import Environment
from tests import samples
from tests.cast import PASSWORD, Cast
from tests.reading import attribute, heading, said, select
from tests.upstream import FakeUpstream

ORIGIN = "/acme/settings/environments/development/origin/"
CONFIRM = "/accounts/confirm/"
ELSEWHERE = "http://elsewhere.test:4681"
FORM: dict[str, Any] = {"base_url": ELSEWHERE, "keys": 4}


@pytest.fixture
def adam(cast: Cast) -> Client:
    """Adam's browser; he has a password and has not typed it lately."""
    cast.adam.set_password(PASSWORD)
    cast.adam.save()
    return cast.browser(cast.adam)


def confirm(client: Client, password: str = PASSWORD) -> Any:
    return client.post(f"{CONFIRM}?next={ORIGIN}", {"password": password, "next": ORIGIN})


def keys_to(slug: str) -> int:
    return Credential.objects.filter(
        environment__slug=slug, environment__organization__slug="acme"
    ).count()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_password_comes_first(
    cast: Cast, upstream: FakeUpstream, adam: Client, method: str
) -> None:
    response = getattr(adam, method)(ORIGIN, FORM)
    assert response.status_code == 303
    assert response["Location"] == f"{CONFIRM}?next={ORIGIN.replace('/', '%2F')}"
    assert keys_to("development") == 4
    assert heading(adam.get(response["Location"])) == "Confirm that it is you"
    assert upstream.calls == []


def test_a_wrong_password_opens_nothing(cast: Cast, adam: Client) -> None:
    response = confirm(adam, "a wrong password")
    assert response.status_code == 422
    assert select(response, "#id_password_error")
    assert adam.get(ORIGIN).status_code == 303


def test_the_right_one_leads_back_to_the_form_which_counts_the_keys(
    cast: Cast, adam: Client
) -> None:
    assert confirm(adam)["Location"] == ORIGIN
    page = adam.get(ORIGIN)
    assert "This destroys 4 stored keys." in said(page)
    assert attribute(page, "main input[name=keys]", "value") == "4"


def test_a_confirmation_lasts_five_minutes(cast: Cast, adam: Client) -> None:
    def seconds_pass(seconds: int) -> None:
        session = adam.session
        for confirmed in session["account_authentication_methods"]:
            confirmed["at"] -= seconds
        session.save()

    confirm(adam)
    seconds_pass(240)
    assert adam.get(ORIGIN).status_code == 200
    seconds_pass(60)
    assert adam.get(ORIGIN).status_code == 303


def test_the_eleventh_address_within_an_hour_is_429_and_reaches_nobody(
    cast: Cast, upstream: FakeUpstream, adam: Client
) -> None:
    upstream.fail("/status", httpx.ConnectTimeout(""))
    confirm(adam)
    assert {adam.post(ORIGIN, FORM).status_code for _ in range(10)} == {422}
    asked = len(upstream.calls)
    assert adam.post(ORIGIN, FORM).status_code == 429
    assert len(upstream.calls) == asked
    assert keys_to("development") == 4


def test_the_keys_are_gone_and_the_new_host_saw_none(
    cast: Cast, upstream: FakeUpstream, adam: Client
) -> None:
    upstream.refuse("/env", 401)
    Environment.objects.update(upstream_env_id=samples.ENV_ID)
    confirm(adam)
    response = adam.post(ORIGIN, FORM)
    assert response.status_code == 303
    assert keys_to("development") == 0
    assert keys_to("staging") == 4, "other environments keep theirs"
    assert upstream.calls, "the new host was asked"
    assert all("authorization" not in call.headers for call in upstream.calls)
    environment = Environment.objects.get(slug="development")
    assert (environment.base_url, environment.upstream_env_id) == (ELSEWHERE, None)
    page = adam.get(response["Location"])
    assert "4 keys destroyed: everyone stores a new one." in said(page)
    for person in (cast.mia, cast.adam):
        assert cast.browser(person).get("/acme/development/runs/").status_code == 403
    assert all("authorization" not in call.headers for call in upstream.calls)


def test_it_is_in_the_record_with_the_number_of_keys(
    cast: Cast, upstream: FakeUpstream, adam: Client
) -> None:
    upstream.refuse("/env", 401)
    adam.post(ORIGIN, FORM)
    confirm(adam)
    adam.post(ORIGIN, FORM)
    closed = Entry.objects.filter(action="environments.move", phase=Phase.CLOSED)
    assert [row.outcome for row in closed] == ["refused", "done"]
    assert closed[1].subject["keys"] == "4"
    assert closed[1].environment_slug == "development"


def test_keys_stored_since_the_page_was_shown_are_counted_again(
    cast: Cast, upstream: FakeUpstream, adam: Client
) -> None:
    upstream.refuse("/env", 401)
    confirm(adam)
    response = adam.post(ORIGIN, FORM | {"keys": 3})
    assert response.status_code == 422
    assert "Meanwhile there are 4 keys. Look again." in said(response)
    assert attribute(response, "main input[name=keys]", "value") == "4"
    assert attribute(response, "#id_base_url", "value") == ELSEWHERE
    assert keys_to("development") == 4


def test_an_address_where_nobody_answers_costs_nobody_their_key(
    cast: Cast, upstream: FakeUpstream, adam: Client
) -> None:
    upstream.fail("/env", httpx.ConnectTimeout(""))
    upstream.fail("/status", httpx.ConnectTimeout(""))
    confirm(adam)
    response = adam.post(ORIGIN, FORM)
    assert response.status_code == 422
    assert "No Hot API answers at this address." in said(response)
    assert keys_to("development") == 4


def test_the_same_address_changes_nothing(cast: Cast, upstream: FakeUpstream, adam: Client) -> None:
    upstream.one("/env", samples.environment())
    confirm(adam)
    response = adam.post(ORIGIN, FORM | {"base_url": "http://upstream.test:4681/v1"})
    assert response.status_code == 422
    assert "This is its address already." in said(response)
    assert keys_to("development") == 4


@pytest.mark.parametrize("person", ["mia", "vera"])
def test_neither_members_nor_viewers_move_one(
    cast: Cast, upstream: FakeUpstream, person: str
) -> None:
    client = cast.browser(getattr(cast, person))
    assert client.get(ORIGIN).status_code == 403
    assert client.post(ORIGIN, FORM).status_code == 403
    assert keys_to("development") == 4
    assert upstream.calls == []


def test_confirming_leads_nowhere_else(cast: Cast, adam: Client) -> None:
    response = adam.post(CONFIRM, {"password": PASSWORD, "next": "https://evil.test/"})
    assert response["Location"] == "/"
