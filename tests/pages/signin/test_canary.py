"""A password that is typed is found nowhere afterwards."""

import logging
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from hotdash.accounts.links import first_sign_in_link
from tests.canary import require_no_trace
from tests.cast import Cast

PASSWORD = "canary in the coal mine"


def typed_everywhere(cast: Cast) -> list[Any]:
    """Type the password into every form of the door; return what came back."""
    client = Client()
    client.raise_request_exception = False
    forms = {
        "/accounts/login/": {"login": "mia@example.test", "password": PASSWORD},
        "/accounts/signup/": {"email": "not an address", "password1": PASSWORD},
    }
    answers: list[Any] = [client.post(address, form) for address, form in forms.items()]
    link = first_sign_in_link(cast.mia).partition("4680")[2]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    answers.append(client.post(form, {"password1": PASSWORD, "password2": "another"}))
    answers.append(client.post(form, {"password1": PASSWORD, "password2": PASSWORD}))
    return answers


def test_it_is_in_no_answer_no_log_and_no_table(
    cast: Cast,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.SIGNUP = "open"
    caplog.set_level(logging.DEBUG)
    answers = typed_everywhere(cast)
    cast.mia.refresh_from_db()
    assert cast.mia.check_password(PASSWORD), "it was really typed"
    require_no_trace(PASSWORD, answers, caplog, capsys)


def test_a_fault_behind_a_form_shows_nothing_of_it(
    cast: Cast, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["no.such.hasher"]
    client = Client()
    client.raise_request_exception = False
    cast.mia.password = "argon2$x"
    cast.mia.save()
    form = {"login": "mia@example.test", "password": PASSWORD}
    response = client.post("/accounts/login/", form)
    assert response.status_code == 500
    assert PASSWORD.encode() not in response.content
    assert PASSWORD not in caplog.text
