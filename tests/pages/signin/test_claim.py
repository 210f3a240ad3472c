"""Claiming an account by the operator's link."""

import logging
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from hotdash.accounts.links import first_sign_in_link
from tests.cast import PASSWORD, Cast
from tests.reading import attribute, heading, one, said, text_of

NEW = {"password1": PASSWORD, "password2": PASSWORD}
EXPIRED = "This link has expired"


def path(link: str) -> str:
    return re.sub(r"^http://[^/]+", "", link)


@pytest.fixture
def link(cast: Cast) -> str:
    """A fresh link of Olive's, who has no password."""
    return path(first_sign_in_link(cast.olive))


def claim(client: Client, link: str, **passwords: str) -> Any:
    """Follow the link and send the form, as a browser does."""
    form = client.get(link, follow=True)
    if heading(form) == EXPIRED:
        return form
    return client.post(attribute(form, "form", "action"), passwords or NEW)


def pass_time(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    later = datetime.now() + timedelta(seconds=seconds)  # noqa: DTZ005  as Django's generator counts
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: later)


def test_the_link_sets_a_password_and_signs_in(cast: Cast, link: str, client: Client) -> None:
    response = claim(client, link)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200
    cast.olive.refresh_from_db()
    assert cast.olive.check_password(PASSWORD)


def test_the_form_says_whom_it_signs_in_later(cast: Cast, link: str, client: Client) -> None:
    form = client.get(link, follow=True)
    assert f"as {cast.olive.email}." in said(form)
    assert attribute(form, "[autofocus]", "name") == "password1"


def test_the_token_leaves_the_address_at_once(link: str, client: Client) -> None:
    response = client.get(link)
    assert response.status_code == 302
    assert response["Location"].endswith("-set-password/")


def test_a_second_use_is_expired(link: str, client: Client) -> None:
    claim(client, link)
    assert heading(claim(Client(), link)) == EXPIRED


def test_a_used_link_is_expired_for_whoever_held_the_form_open(
    cast: Cast, link: str, client: Client
) -> None:
    other = Client()
    form = other.get(link, follow=True)
    claim(client, link)
    response = other.post(
        form.redirect_chain[-1][0], {"password1": "another lamp", "password2": "another lamp"}
    )
    assert heading(response) == EXPIRED
    cast.olive.refresh_from_db()
    assert cast.olive.check_password(PASSWORD)


def test_after_an_hour_it_is_expired(
    link: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_time(monkeypatch, 3601)
    assert heading(client.get(link)) == EXPIRED


def test_a_minute_before_the_hour_it_is_good(
    link: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_time(monkeypatch, 3540)
    assert claim(client, link).status_code == 302


def test_looking_at_it_uses_nothing_up(link: str) -> None:
    for scanner in (Client(), Client()):
        assert scanner.head(link).status_code == 302
        assert scanner.get(link, follow=True).status_code == 200
    assert claim(Client(), link).status_code == 302


def test_the_form_says_beforehand_what_it_wants(link: str, client: Client) -> None:
    form = client.get(link, follow=True)
    described_by = attribute(form, "input[name=password1]", "aria-describedby")
    assert text_of(one(form, f"#{described_by}")) == "At least 10 characters."


def test_passwords_that_differ_or_are_weak_are_refused_and_the_link_stays_good(
    link: str, client: Client
) -> None:
    response = claim(client, link, password1=PASSWORD, password2="something else")
    assert response.status_code == 422
    assert "same password each time" in said(response)
    response = claim(client, link, password1="short", password2="short")
    assert response.status_code == 422
    assert "at least 10 characters" in said(response)
    assert b'value="short"' not in response.content
    assert claim(client, link).status_code == 302


def test_a_changed_token_is_expired(link: str, client: Client) -> None:
    assert heading(client.get(link[:-3] + "xy/")) == EXPIRED


def test_a_link_of_nobody_is_expired(link: str, client: Client) -> None:
    assert heading(client.get(re.sub("key/[^-]+-", "key/zzz-", link))) == EXPIRED


def test_the_form_without_a_link_is_expired(link: str, client: Client) -> None:
    address = re.sub(r"(key/[^-]+)-.*", r"\1-set-password/", link)
    assert heading(client.get(address)) == EXPIRED
    assert heading(client.post(address, NEW)) == EXPIRED


def test_a_forged_form_is_refused(link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    form = client.get(link, follow=True)
    assert client.post(form.redirect_chain[-1][0], NEW).status_code == 403


def test_a_link_of_another_ends_the_session_that_was_open(cast: Cast, link: str) -> None:
    client = cast.browser(cast.mia)
    claim(client, link)
    assert "olive@example.test" in said(client.get("/account/"))


def test_a_new_password_ends_every_other_session(cast: Cast, client: Client) -> None:
    elsewhere = cast.browser(cast.olive)
    assert elsewhere.get("/account/").status_code == 200
    claim(client, path(first_sign_in_link(cast.olive)))
    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_the_file_of_the_first_start_goes_with_its_claim(
    cast: Cast, link: str, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    file = tmp_path / "first-sign-in"
    file.write_text(f"http://127.0.0.1:4680{link}\n")
    claim(Client(), path(first_sign_in_link(cast.mia)))
    assert file.exists()
    claim(client, link)
    assert not file.exists()


def test_no_answer_and_no_log_line_holds_the_token(
    cast: Cast,
    link: str,
    client: Client,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    token = link.rstrip("/").split("-", 1)[1]
    answers = [client.get(link), client.get(link, follow=True), claim(client, link)]
    answers += [Client().get(link), Client().post(link, NEW), Client().put(link)]
    answers += [Client(enforce_csrf_checks=True).post(link, NEW)]
    for response in answers:
        assert token not in said(response)
        assert token not in str(response.headers)
    assert token not in caplog.text
    assert token not in "".join(capsys.readouterr())


def test_the_operator_prints_a_link_at_any_time(
    cast: Cast, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("signin_link", "Mia@example.test")
    printed = capsys.readouterr().out.strip()
    assert printed.startswith("http://127.0.0.1:4680/accounts/password/reset/key/")
    assert claim(client, path(printed)).status_code == 302


def test_the_operator_is_told_when_nobody_has_the_address(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Nobody here has the address who@"):
        call_command("signin_link", "who@example.test")


def test_a_forgotten_password_names_the_operators_command(client: Client, db: None) -> None:
    response = client.get("/accounts/password/reset/")
    assert response.status_code == 200
    assert "manage.py signin-link" in said(response)
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
def test_pages_of_allauth_without_a_template_of_ours_do_not_exist(cast: Cast, address: str) -> None:
    assert cast.browser(cast.mia).get(f"/accounts/{address}").status_code == 404
