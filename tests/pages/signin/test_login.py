"""Signing in with e-mail and password."""

import time
from typing import Any

import pytest
from django.test import Client

from hotdash.accounts.models import User
from tests.cast import PASSWORD, Cast
from tests.reading import attribute, one, said, text_of

LOGIN = "/accounts/login/"


@pytest.fixture
def mia(cast: Cast) -> User:
    cast.mia.set_password(PASSWORD)
    cast.mia.save()
    return cast.mia


def sign_in(
    client: Client, email: str = "mia@example.test", password: str = PASSWORD, **extra: str
) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def test_the_right_password_leads_home_and_on_to_the_overview(mia: User, client: Client) -> None:
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/acme/"
    assert client.get("/acme/")["Location"] == "/acme/development/"


def test_typing_begins_in_the_first_field_and_goes_on_in_the_one_at_fault(
    mia: User, client: Client
) -> None:
    assert attribute(client.get(LOGIN), "[autofocus]", "name") == "login"
    assert attribute(sign_in(client, email="no address"), "[autofocus]", "name") == "login"
    assert attribute(sign_in(client, password="another"), "[autofocus]", "name") == "password"


def test_case_and_spaces_of_the_address_do_not_matter(mia: User, client: Client) -> None:
    assert sign_in(client, email=" Mia@Example.test ").status_code == 302


def test_a_wrong_password_is_said_in_words_and_never_written_back(
    mia: User, client: Client
) -> None:
    response = sign_in(client, password="a canary in the dark")
    assert response.status_code == 422
    assert "That e-mail and password do not belong together." in said(response)
    assert b"canary" not in response.content
    password = one(response, "input[name=password]")
    assert password.attributes["aria-invalid"] == "true"
    described_by = password.attributes["aria-describedby"]
    assert text_of(one(response, f"#{described_by}")).startswith("That e-mail and password")


def test_known_and_unknown_addresses_get_equal_answers(mia: User, client: Client) -> None:
    known = sign_in(client, password="wrong")
    unknown = sign_in(client, email="nobody@example.test", password="wrong")
    assert known.status_code == unknown.status_code == 422
    assert said(known) == said(unknown)


def test_the_sixth_try_is_refused_even_with_the_right_password(mia: User, client: Client) -> None:
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 422
    response = sign_in(client)
    assert response.status_code == 429
    assert "try again in five minutes" in said(response)


def test_the_pause_ends_by_itself(
    mia: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 429
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert sign_in(client).status_code == 302


def test_more_than_ten_tries_a_minute_from_one_address_are_429_in_words(
    cast: Cast, client: Client
) -> None:
    for number in range(10):
        assert sign_in(client, email=f"{number}@example.test").status_code == 422
    response = sign_in(client, email="eleven@example.test")
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert "Too many tries" in said(response)


def test_a_closed_account_is_told_so_only_for_the_right_password(mia: User, client: Client) -> None:
    mia.is_active = False
    mia.save()
    assert "do not belong together" in said(sign_in(client, password="wrong"))
    response = sign_in(client)
    assert response.status_code == 403
    assert "This account is closed." in said(response)
    assert client.get("/account/").status_code == 302


def test_closing_an_account_ends_its_sessions(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    cast.mia.is_active = False
    cast.mia.save()
    assert client.get("/account/")["Location"].startswith(LOGIN)


def test_the_session_is_another_after_signing_in(mia: User, client: Client) -> None:
    client.get(LOGIN)
    client.session["before"] = True  # makes one
    before = client.cookies["hotdash_csrf"].value
    sign_in(client)
    assert client.cookies["hotdash_session"].value
    assert client.cookies["hotdash_csrf"].value != before


def test_cookies_are_closed_to_scripts_and_other_sites(mia: User, client: Client) -> None:
    sign_in(client)
    for name in ("hotdash_session", "hotdash_csrf"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.cookies["hotdash_session"]["max-age"] == 7 * 86_400


def test_a_page_that_was_asked_for_comes_after_signing_in(mia: User, client: Client) -> None:
    response = client.get("/acme/staging/runs/?status=failed")
    assert response["Location"] == f"{LOGIN}?next=/acme/staging/runs/%3Fstatus%3Dfailed"
    hidden = attribute(client.get(response["Location"]), "input[name=next]", "value")
    assert sign_in(client, next=hidden)["Location"] == "/acme/staging/runs/?status=failed"


def test_a_part_asked_for_while_signed_out_sends_the_whole_browser_to_sign_in(
    cast: Cast, client: Client
) -> None:
    page = "http://testserver/acme/staging/runs/"
    response = client.get(
        "/acme/staging/runs/", headers={"HX-Request": "true", "HX-Current-URL": page}
    )
    assert response.status_code == 200
    assert response["HX-Redirect"].startswith(f"{LOGIN}?next=http%3A%2F%2Ftestserver%2Facme")
    assert response.content == b""


@pytest.mark.parametrize(
    "address",
    [
        "//evil.test/",
        "/\\evil.test/",
        "\\\\evil.test",
        "https:evil.test",
        "https://evil.test/",
        "http://testserver.evil.test/",
        "http://127.0.0.1/",  # a name of this host, but not the one that was asked
        "javascript:alert(1)",
        "/runs/\r\nSet-Cookie: a=b",
        "\x01//evil.test",
        "/" + "a" * 3000,
        "",
    ],
)
def test_a_next_that_leads_elsewhere_leads_home(mia: User, client: Client, address: str) -> None:
    assert sign_in(client, next=address)["Location"] == "/"


def test_whoever_is_signed_in_is_led_on(cast: Cast) -> None:
    response = cast.browser(cast.mia).get(LOGIN)
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_forged_sign_in_is_refused(mia: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client)
    assert response.status_code == 403
    assert "This form is out of date" in said(response)


def test_answers_are_pages_even_where_json_is_asked_for(mia: User, client: Client) -> None:
    response = client.post(
        LOGIN,
        {"login": "mia@example.test", "password": "wrong"},
        headers={"Accept": "application/json"},
    )
    assert response["Content-Type"].startswith("text/html")
