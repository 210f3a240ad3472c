"""Changing one's own password, which ends every other session."""

import logging

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.pages.profile.test_sessions import CHROME, enter
from tests.reading import said, select

CHANGE = "/account/password/"
NEW = "another lamp, in the attic"
FORM = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


@pytest.fixture
def mia(cast: Cast) -> Client:
    """Mia's browser, in which she typed her password."""
    cast.mia.set_password(PASSWORD)
    cast.mia.save()
    return enter(CHROME)


def test_it_is_changed_this_session_stays_and_every_other_ends(cast: Cast, mia: Client) -> None:
    other = enter(CHROME)
    before = mia.cookies["hotdash_session"].value
    response = mia.post(CHANGE, FORM)
    assert (response.status_code, response["Location"]) == (303, "/account/")
    assert mia.cookies["hotdash_session"].value != before, "the key of a session is new"
    assert "Your password is changed. 1 other session ended." in said(mia.get("/account/"))
    assert other.get("/account/").status_code == 302
    assert len(select(mia.get("/account/sessions/"), ".rows li")) == 1
    cast.mia.refresh_from_db()
    assert cast.mia.check_password(NEW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"oldpassword": "a wrong password"}, "oldpassword"),
        ({"password2": "something else!"}, "password2"),
        ({"password1": "12345", "password2": "12345"}, "password1"),
    ],
)
def test_what_is_wrong_stands_under_its_field_and_nothing_changes(
    cast: Cast, mia: Client, change: dict[str, str], field: str
) -> None:
    other = enter(CHROME)
    response = mia.post(CHANGE, FORM | change)
    assert response.status_code == 422
    assert select(response, f"#id_{field}_error")
    assert other.get("/account/").status_code == 200
    cast.mia.refresh_from_db()
    assert cast.mia.check_password(PASSWORD)


def test_guessing_the_old_one_is_slowed_down(mia: Client) -> None:
    wrong = FORM | {"oldpassword": "a wrong password"}
    statuses = [mia.post(CHANGE, wrong).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_whoever_never_set_one_is_told_who_does(cast: Cast) -> None:
    response = cast.browser(cast.adam).get(CHANGE)
    assert response.status_code == 403
    assert "the operator's link sets one" in said(response)


def test_no_password_is_in_an_answer_or_a_log(
    mia: Client, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [
        mia.post(CHANGE, FORM | {"password2": "something else!"}),
        mia.post(CHANGE, FORM),
        mia.get("/account/"),
    ]
    assert [answer.status_code for answer in answers] == [422, 303, 200]
    for word in (PASSWORD, NEW):
        assert all(word not in answer.content.decode() for answer in answers)
        assert word not in caplog.text
        assert word not in "".join(capsys.readouterr())
