"""Signing out."""

from django.test import Client

from tests.cast import Cast

LOGOUT = "/accounts/logout/"


def test_asking_shows_a_question_and_ends_nothing(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    assert client.get(LOGOUT).status_code == 200
    assert client.get("/account/").status_code == 200


def test_signing_out_ends_the_session_and_empties_the_browsers_cache(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    session = client.cookies["hotdash_session"].value
    response = client.post(LOGOUT)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert response["Clear-Site-Data"] == '"cache"'
    client.cookies["hotdash_session"] = session  # a copied cookie is worth nothing either
    assert client.get("/account/")["Location"].startswith("/accounts/login/")


def test_only_signing_out_empties_the_cache(cast: Cast) -> None:
    assert "Clear-Site-Data" not in cast.browser(cast.mia).get("/account/")


def test_whoever_is_signed_out_already_is_led_to_sign_in(client: Client, db: None) -> None:
    assert client.post(LOGOUT)["Location"].startswith("/accounts/login/")


def test_a_next_that_leads_elsewhere_leads_to_sign_in(cast: Cast) -> None:
    response = cast.browser(cast.mia).post(LOGOUT, {"next": "https://evil.test/"})
    assert response["Location"] == "/accounts/login/"
