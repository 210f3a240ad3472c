"""An environment that is not added: what an address may do to hotdash, and what is told of it."""

import logging

import httpx
import pytest

from hotdash.audit.models import Entry, Phase
from hotdash.credentials.models import Credential
from hotdash.gateway.errors import NotAllowed
from hotdash.orgs.models import Environment
from tests import samples
from tests.canary import CANARY, require_no_trace
from tests.cast import Cast
from tests.pages.environments.a_new_environment import FORM, NEW, error_under
from tests.reading import attribute, said, select
from tests.upstream import REQUEST_ID, FakeUpstream


def made() -> list[Environment]:
    return list(Environment.objects.filter(slug="sandbox"))


def refused() -> httpx.ConnectError:
    error = httpx.ConnectError("")
    error.__cause__ = ConnectionRefusedError()
    return error


@pytest.mark.parametrize(
    "silence",
    [refused(), httpx.ConnectError("no route"), httpx.ConnectTimeout(""), httpx.ReadTimeout("")],
)
def test_closed_filtered_and_silent_ports_read_alike(
    cast: Cast, upstream: FakeUpstream, silence: Exception
) -> None:
    upstream.fail("/env", silence)
    response = cast.browser(cast.adam).post(NEW, FORM)
    assert error_under(response, "base_url") == "No Hot API answers at this address."
    assert not made()


def test_the_cursor_stands_in_the_first_field_at_fault(cast: Cast, upstream: FakeUpstream) -> None:
    browser = cast.browser(cast.adam)
    assert not select(browser.get(NEW), "[autofocus]")
    for wrong in ({"slug": "No", "name": ""}, {"slug": "No"}):
        refused_form = browser.post(NEW, FORM | wrong)
        assert attribute(refused_form, "[autofocus]", "name") == list(wrong)[-1]
    upstream.refuse("/env", 401)
    assert attribute(browser.post(NEW, FORM), "[autofocus]", "name") == "key"


@pytest.mark.parametrize(
    "banner", [b"SSH-2.0-OpenSSH_9.2", b"<html>internal wiki", b'{"secret": "inside"}']
)
def test_a_strangers_words_are_never_repeated(
    cast: Cast, upstream: FakeUpstream, banner: bytes
) -> None:
    upstream.raw("/env", banner, content_type="application/json")
    response = cast.browser(cast.adam).post(NEW, FORM)
    sentence = "Something answers at this address, but it is no Hot API."
    assert error_under(response, "base_url") == sentence
    assert banner not in response.content


def test_a_redirect_is_not_followed_and_not_repeated(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.raw("/env", b"", 302, location="http://169.254.169.254/latest/meta-data")
    response = cast.browser(cast.adam).post(NEW, FORM)
    assert "points to another one" in error_under(response, "base_url")
    assert "169.254" not in said(response)


def test_an_address_that_the_guard_refuses_names_the_setting(
    cast: Cast, upstream: FakeUpstream
) -> None:
    upstream.fail("/env", NotAllowed("upstream.test", "http://upstream.test:4681"))
    response = cast.browser(cast.adam).post(NEW, FORM)
    words = error_under(response, "base_url")
    assert "add http://upstream.test:4681 to HOTDASH_UPSTREAMS" in words


def test_the_embedded_api_is_not_had_by_its_address(cast: Cast, upstream: FakeUpstream) -> None:
    response = cast.browser(cast.adam).post(NEW, FORM | {"base_url": "http://127.0.0.1:4681"})
    assert "Only the operator adds environments of it." in error_under(response, "base_url")
    assert upstream.calls == []


def test_the_eleventh_try_within_an_hour_is_429_and_reaches_nobody(
    cast: Cast, upstream: FakeUpstream
) -> None:
    upstream.refuse("/env", 401)
    client = cast.browser(cast.adam)
    assert {client.post(NEW, FORM).status_code for _ in range(10)} == {422}
    asked = len(upstream.calls)
    response = client.post(NEW, FORM)
    assert response.status_code == 429
    assert "You have tried 10 keys within an hour." in said(response)
    assert len(upstream.calls) == asked
    assert Entry.objects.filter(action="environments.create").count() == 22


def test_the_record_names_the_environment_the_outcome_and_the_request(
    cast: Cast, upstream: FakeUpstream
) -> None:
    upstream.one("/env", samples.environment())
    cast.browser(cast.adam).post(NEW, FORM)
    closed = Entry.objects.get(action="environments.create", phase=Phase.CLOSED)
    assert closed.outcome == "done"
    assert closed.subject == {"environment": "sandbox", "request_id": REQUEST_ID}


def test_a_key_is_in_no_answer_no_log_and_no_table(
    cast: Cast,
    upstream: FakeUpstream,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    client = cast.browser(cast.adam)
    client.raise_request_exception = False
    upstream.refuse("/env", 401)
    answers = [client.post(NEW, FORM), client.post(NEW, FORM | {"base_url": "x"})]
    upstream.fail("/env", RuntimeError("a fault of ours"))
    answers.append(client.post(NEW, FORM))
    upstream.one("/env", samples.environment())
    answers += [client.post(NEW, FORM), client.get("/acme/settings/environments/sandbox/")]
    assert [answer.status_code for answer in answers] == [422, 422, 500, 303, 200]
    assert CANARY in {call.key for call in upstream.calls}, "the canary was really sent"
    require_no_trace(CANARY, answers, caplog, capsys)
    assert Credential.objects.filter(environment__slug="sandbox", last4="nary").exists()


def test_what_the_server_calls_itself_is_text(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.one("/env", samples.environment(name="<b>bold</b>\x1b[2J"))
    client = cast.browser(cast.adam)
    page = client.get(client.post(NEW, FORM)["Location"])
    assert "<b>bold</b>" in said(page)
    assert not select(page, "main b")
    assert "\x1b" not in page.content.decode()
