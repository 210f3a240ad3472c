"""Making an account: by invitation, by anybody, or not at all."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from hotdash.accounts.models import User
from tests.cast import PASSWORD, Cast
from tests.reading import heading, said, select

SIGNUP = "/accounts/signup/"
STRANGER = {"email": "new@example.test", "password1": PASSWORD}


@pytest.mark.parametrize(
    ("mode", "words"), [("invite", "By invitation only"), ("closed", "No new accounts")]
)
def test_a_stranger_is_told_why_and_gets_no_account(
    cast: Cast, client: Client, settings: Settings, mode: str, words: str
) -> None:
    settings.SIGNUP = mode
    for response in (client.get(SIGNUP), client.post(SIGNUP, STRANGER)):
        assert response.status_code == 403
        assert heading(response) == words
    assert not User.objects.filter(email="new@example.test").exists()


def test_signing_in_offers_no_account(cast: Cast, client: Client) -> None:
    links = select(client.get("/accounts/login/"), "a")
    assert SIGNUP not in [link.attributes["href"] for link in links]


def test_an_open_mode_gives_an_account_and_no_organization(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.SIGNUP = "open"
    assert client.get(SIGNUP).status_code == 200
    assert client.post(SIGNUP, STRANGER)["Location"] == "/"
    response = client.get("/")
    assert heading(response) == "You belong to no organization yet"
    assert client.get("/acme/development/runs/").status_code == 404


def test_an_open_mode_does_not_tell_who_has_an_account(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.SIGNUP = "open"
    response = client.post(SIGNUP, STRANGER | {"email": "mia@example.test"})
    assert response.status_code == 422
    assert User.objects.filter(email="mia@example.test").count() == 1


def test_a_weak_password_is_refused_with_words(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.SIGNUP = "open"
    response = client.post(SIGNUP, STRANGER | {"password1": "12345"})
    assert response.status_code == 422
    assert "at least 10 characters" in said(response)
    assert b"12345" not in response.content
