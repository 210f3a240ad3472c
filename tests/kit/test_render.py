"""Whole page or part, and what follows a finished action."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory

from hotdash.kit.render import asked_part, done


def asked(**headers):
    """A request with these headers."""
    request = RequestFactory().post("/", headers={"Host": "localhost", **headers})
    request.session = SessionStore()
    setattr(request, "_messages", FallbackStorage(request))  # noqa: B010  what the middleware sets
    return request


HTMX = {"HX-Request": "true", "HX-Target": "rows"}


def test_htmx_asks_for_the_element_that_it_replaces():
    assert asked_part(asked(**HTMX)) == "rows"
    assert asked_part(asked()) is None


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_pages_are_whole(header):
    assert asked_part(asked(**HTMX, **{header: "true"})) is None


def test_done_redirects_a_form_and_leaves_its_sentence():
    request = asked()
    response = done(request, "Saved.", to="/account/")
    assert (response.status_code, response.headers["Location"]) == (303, "/account/")
    assert [str(message) for message in get_messages(request)] == ["Saved."]


def test_done_sends_htmx_there_itself():
    response = done(asked(**HTMX), "Saved.", to="/account/")
    assert '"/account/"' in response.headers["HX-Location"]


def test_done_never_leads_to_another_server():
    response = done(asked(), "Saved.", to="//evil.test/")
    assert response.headers["Location"] == "/"
