"""Claiming an account by the operator's link."""

import logging
import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.management import CommandError, call_command
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from hotdash.accounts.links import first_sign_in_link
from tests.cast import PASSWORD

NEW = {"password1": PASSWORD, "password2": PASSWORD}
EXPIRED = "This link has expired"


def path(link):
    return re.sub(r"^http://[^/]+", "", link)


@pytest.fixture
def link(cast):
    """A fresh link of Olive's, who has no password."""
    return path(first_sign_in_link(cast.olive))


def heading(response):
    return LexborHTMLParser(response.content.decode()).css_first("h1").text()


def claim(client, link, **passwords):
    """Follow the link and send the form, as a browser does."""
    form = client.get(link, follow=True)
    if heading(form) == EXPIRED:
        return form
    action = LexborHTMLParser(form.content.decode()).css_first("form").attributes["action"]
    return client.post(action, passwords or NEW)


def test_the_link_sets_a_password_and_signs_in(cast, link, client):
    response = claim(client, link)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200
    cast.olive.refresh_from_db()
    assert cast.olive.check_password(PASSWORD)


def test_the_token_leaves_the_address_at_once(link, client):
    response = client.get(link)
    assert response.status_code == 302
    assert response["Location"].endswith("-set-password/")


def test_a_second_use_is_expired(link, client):
    claim(client, link)
    assert heading(claim(Client(), link)) == EXPIRED


def test_a_used_link_is_expired_for_whoever_held_the_form_open(cast, link, client):
    other = Client()
    form = other.get(link, follow=True)
    claim(client, link)
    response = other.post(
        form.redirect_chain[-1][0], {"password1": "another lamp", "password2": "another lamp"}
    )
    assert heading(response) == EXPIRED
    cast.olive.refresh_from_db()
    assert cast.olive.check_password(PASSWORD)


def test_after_an_hour_it_is_expired(link, client, monkeypatch):
    later = datetime.now() + timedelta(seconds=3601)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert heading(client.get(link)) == EXPIRED


def test_a_minute_before_the_hour_it_is_good(link, client, monkeypatch):
    later = datetime.now() + timedelta(seconds=3540)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert claim(client, link).status_code == 302


def test_looking_at_it_uses_nothing_up(link):
    for scanner in (Client(), Client()):
        assert scanner.head(link).status_code == 302
        assert scanner.get(link, follow=True).status_code == 200
    assert claim(Client(), link).status_code == 302


def test_passwords_that_differ_or_are_weak_are_refused_and_the_link_stays_good(link, client):
    response = claim(client, link, password1=PASSWORD, password2="something else")
    assert response.status_code == 422
    assert "same password each time" in response.content.decode()
    response = claim(client, link, password1="short", password2="short")
    assert response.status_code == 422
    assert "at least 10 characters" in response.content.decode()
    assert b'value="short"' not in response.content
    assert claim(client, link).status_code == 302


def test_a_changed_token_is_expired(link, client):
    assert heading(client.get(link[:-3] + "xy/")) == EXPIRED


def test_a_link_of_nobody_is_expired(link, client):
    assert heading(client.get(re.sub("key/[^-]+-", "key/zzz-", link))) == EXPIRED


def test_the_form_without_a_link_is_expired(link, client):
    address = re.sub(r"(key/[^-]+)-.*", r"\1-set-password/", link)
    assert heading(client.get(address)) == EXPIRED
    assert heading(client.post(address, NEW)) == EXPIRED


def test_a_forged_form_is_refused(link):
    client = Client(enforce_csrf_checks=True)
    form = client.get(link, follow=True)
    assert client.post(form.redirect_chain[-1][0], NEW).status_code == 403


def test_a_link_of_another_ends_the_session_that_was_open(cast, link):
    client = cast.browser(cast.mia)
    claim(client, link)
    assert "olive@example.test" in client.get("/account/").content.decode()


def test_the_file_of_the_first_start_goes_with_its_claim(cast, link, client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    file = tmp_path / "first-sign-in"
    file.write_text(f"http://127.0.0.1:4680{link}\n")
    claim(Client(), path(first_sign_in_link(cast.mia)))
    assert file.exists()
    claim(client, link)
    assert not file.exists()


def test_no_answer_and_no_log_line_holds_the_token(cast, link, client, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    token = link.rstrip("/").split("-", 1)[1]
    answers = [client.get(link), client.get(link, follow=True), claim(client, link)]
    answers += [Client().get(link), Client().post(link, NEW), Client().put(link)]
    answers += [Client(enforce_csrf_checks=True).post(link, NEW)]
    for response in answers:
        assert token not in response.content.decode()
        assert token not in str(response.headers)
    assert token not in caplog.text
    assert token not in "".join(capsys.readouterr())


def test_the_operator_prints_a_link_at_any_time(cast, client, capsys):
    call_command("signin_link", "Mia@example.test")
    printed = capsys.readouterr().out.strip()
    assert printed.startswith("http://127.0.0.1:4680/accounts/password/reset/key/")
    assert claim(client, path(printed)).status_code == 302


def test_the_operator_is_told_when_nobody_has_the_address(cast):
    with pytest.raises(CommandError, match="Nobody here has the address who@example.test"):
        call_command("signin_link", "who@example.test")


def test_a_forgotten_password_names_the_operators_command(client, db):
    response = client.get("/accounts/password/reset/")
    assert response.status_code == 200
    assert "manage.py signin-link" in response.content.decode()
    assert client.post("/accounts/password/reset/", {"email": "a@b.test"}).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "inactive/",
        "email/",
        "confirm-email/",
        "password/change/",
        "password/set/",
        "password/reset/done/",
        "password/reset/key/done/",
        "reauthenticate/",
        "login/code/confirm/",
        "3rdparty/",
        "2fa/",
    ],
)
def test_pages_of_allauth_without_a_template_of_ours_do_not_exist(cast, address):
    assert cast.browser(cast.mia).get(f"/accounts/{address}").status_code == 404
