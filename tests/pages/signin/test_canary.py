"""A password that is typed is found nowhere afterwards."""

import logging

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from hotdash.accounts.links import first_sign_in_link
from tests.cast import Cast

CANARY = "canary in the coal mine"


def typed_everywhere(cast: Cast) -> list[bytes]:
    """Type the canary into every form of the door; return what came back."""
    client = Client()
    client.raise_request_exception = False
    forms = {
        "/accounts/login/": {"login": "mia@example.test", "password": CANARY},
        "/accounts/signup/": {"email": "not an address", "password1": CANARY},
    }
    answers = [client.post(address, form) for address, form in forms.items()]
    link = first_sign_in_link(cast.mia).partition("4680")[2]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    answers.append(client.post(form, {"password1": CANARY, "password2": "another"}))
    answers.append(client.post(form, {"password1": CANARY, "password2": CANARY}))
    return [answer.content for answer in answers]


def everything_stored() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names from the database itself
            rows.append(repr(cursor.fetchall()))
    return "".join(rows)


def test_it_is_in_no_answer_no_log_and_no_table(
    cast: Cast,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.SIGNUP = "open"
    caplog.set_level(logging.DEBUG)
    for answer in typed_everywhere(cast):
        assert CANARY.encode() not in answer
    cast.mia.refresh_from_db()
    assert cast.mia.check_password(CANARY), "the canary was really typed"
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capsys.readouterr())
    assert CANARY not in everything_stored()


def test_a_fault_behind_a_form_shows_nothing_of_it(
    cast: Cast, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["no.such.hasher"]
    client = Client()
    client.raise_request_exception = False
    cast.mia.password = "argon2$x"
    cast.mia.save()
    form = {"login": "mia@example.test", "password": CANARY}
    response = client.post("/accounts/login/", form)
    assert response.status_code == 500
    assert CANARY.encode() not in response.content
    assert CANARY not in caplog.text
