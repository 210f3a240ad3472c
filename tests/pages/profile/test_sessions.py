"""Where one is signed in, and ending it elsewhere."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.reading import said, select, text_of

SESSIONS = "/account/sessions/"
OTHERS = "/account/sessions/others/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0 Safari/537.36"
)


@pytest.fixture
def mia(cast: Cast) -> Client:
    cast.mia.set_password(PASSWORD)
    cast.mia.save()
    return enter(FIREFOX)


def enter(user_agent: str, email: str = "mia@example.test") -> Client:
    """Return a browser in which somebody typed the password."""
    client = Client(headers={"User-Agent": user_agent})
    assert (
        client.post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code == 302
    )
    return client


def test_each_browser_is_listed_this_one_first(mia: Client) -> None:
    enter(CHROME)
    rows = [text_of(row) for row in select(mia.get(SESSIONS), ".rows li")]
    assert rows[0].startswith("Firefox on Linux signed in ")
    assert " from 127.0.0.1 " in rows[0]
    assert rows[0].endswith("this browser")
    assert rows[1].startswith("Chrome on Windows")
    assert rows[1].endswith("End")


def test_what_a_browser_calls_itself_is_text(mia: Client) -> None:
    enter('<b hx-get=/x hx-trigger=load>\x1b[2J"')
    response = mia.get(SESSIONS)
    assert "<b hx-get=/x hx-trigger=load>␛[2J" in said(response)
    assert not select(response, ".rows b")


def test_one_that_is_ended_is_signed_out_at_its_next_request(mia: Client) -> None:
    other = enter(CHROME)
    assert other.get("/account/").status_code == 200
    (form,) = select(mia.get(SESSIONS), ".rows form")
    address = form.attributes["action"]
    assert address is not None
    response = mia.post(address)
    assert (response.status_code, response["Location"]) == (303, SESSIONS)
    assert other.get("/account/").status_code == 302
    assert "That session is ended." in said(mia.get(SESSIONS))


def test_all_others_are_ended_at_once(mia: Client) -> None:
    others = [enter(CHROME), enter(FIREFOX)]
    mia.post(OTHERS)
    assert "2 other sessions ended." in said(mia.get(SESSIONS))
    assert {other.get("/account/").status_code for other in others} == {302}
    assert mia.get("/account/").status_code == 200


def test_nobody_ends_anothers_and_nobody_their_own_this_way(cast: Cast, mia: Client) -> None:
    own = UserSession.objects.get(user=cast.mia)
    assert mia.post(f"{SESSIONS}{own.pk}/").status_code == 404
    assert cast.browser(cast.adam).post(f"{SESSIONS}{own.pk}/").status_code == 404
    cast.browser(cast.adam).post(OTHERS)
    assert mia.get("/account/").status_code == 200


def test_signing_out_takes_it_off_the_list(mia: Client) -> None:
    other = enter(CHROME)
    other.post("/accounts/logout/")
    assert len(select(mia.get(SESSIONS), ".rows li")) == 1


def test_a_session_from_before_there_was_a_list_is_listed(cast: Cast, mia: Client) -> None:
    UserSession.objects.all().delete()
    assert len(select(mia.get(SESSIONS), ".rows li")) == 1


def test_the_session_key_is_not_shown(mia: Client) -> None:
    assert mia.cookies["hotdash_session"].value not in mia.get(SESSIONS).content.decode()
