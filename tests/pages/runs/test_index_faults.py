"""What the list says when its Hot API is in trouble: as a page, and as the part that htmx loads."""

import httpx
import pytest

from tests import samples
from tests.reading import one, select, text_of
from tests.upstream import REQUEST_ID

LIST = "/acme/development/runs/"
PART = {"HX-Request": "true", "HX-Target": "listing"}

TROUBLES = {
    "down": (504, "Nobody listens at the platform's address"),
    "unreachable": (504, "The platform cannot be reached"),
    "slow to connect": (504, "The platform is not answering"),
    "slow": (504, "The platform is not answering"),
    "server error": (502, "The platform's answer cannot be used"),
    "proxy error": (502, "The platform's answer cannot be used"),
    "html": (502, "The platform's answer cannot be used"),
    "half a JSON": (502, "The platform's answer cannot be used"),
    "another shape": (502, "The platform's answer cannot be used"),
    "redirect": (502, "The platform's answer cannot be used"),
    "empty 401": (403, "The platform does not accept your key"),
    "403": (403, "Your key may not do this"),
    "text 422": (502, "The platform did not accept the question"),
    "429": (503, "The platform asks to wait"),
}


def bring(upstream, trouble):
    """Let the list of runs meet this trouble, everything else is well."""
    upstream.one("/runs/stats", samples.stats())
    refused = httpx.ConnectError("")
    refused.__cause__ = ConnectionRefusedError()
    errors = {
        "down": refused,
        "unreachable": httpx.ConnectError("no route"),
        "slow to connect": httpx.ConnectTimeout(""),
        "slow": httpx.ReadTimeout(""),
    }
    if trouble in errors:
        upstream.fail("/runs", errors[trouble])
    bodies = {
        "proxy error": (b"<h1>Bad Gateway</h1>", 502, "text/html"),
        "html": (b"<!doctype html><p>Welcome", 200, "text/html"),
        "half a JSON": (b'{"data": [{"run_id"', 200, "application/json"),
        "another shape": (b'{"data": 7}', 200, "application/json"),
        "empty 401": (b"", 401, ""),
        "text 422": (b"Failed to deserialize", 422, "text/plain"),
    }
    if trouble in bodies:
        body, status, kind = bodies[trouble]
        upstream.raw("/runs", body, status, **({"content_type": kind} if kind else {}))
    if trouble == "server error":
        upstream.refuse("/runs", 500, "internal_server_error", "An internal error occurred")
    if trouble == "redirect":
        upstream.raw("/runs", b"", 302, location="https://elsewhere.test/")
    if trouble == "403":
        upstream.refuse("/runs", 403, "forbidden", "run:* read is missing")
    if trouble == "429":
        upstream.raw("/runs", b"", 429, retry_after="7")


@pytest.fixture
def mia(cast):
    """The browser of a member."""
    return cast.browser(cast.mia)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_a_page_in_words_inside_the_shell(mia, upstream, trouble):
    bring(upstream, trouble)
    status, title = TROUBLES[trouble]
    response = mia.get(LIST)
    assert response.status_code == status
    assert text_of(one(response, "main h1")) == title
    assert len(select(response, "header.topbar")) == 1
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_a_fragment_in_the_same_words_for_htmx(mia, upstream, trouble):
    bring(upstream, trouble)
    status, title = TROUBLES[trouble]
    response = mia.get(LIST, headers=PART)
    assert response.status_code == status
    assert text_of(one(response, ".alert strong")) == title
    assert select(response, "main, header") == []


def test_the_way_to_try_again_keeps_the_filters(mia, upstream):
    bring(upstream, "slow")
    response = mia.get(f"{LIST}?status=failed&time=1h")
    again = one(response, "main a.button.primary")
    assert again.attributes["href"] == f"{LIST}?status=failed&time=1h"


def test_a_server_that_asks_to_wait_is_passed_on(mia, upstream):
    bring(upstream, "429")
    response = mia.get(LIST)
    assert response.headers["Retry-After"] == "7"
    assert "try again in 7 s" in text_of(one(response, ".verdict"))


def test_what_the_server_said_and_its_request_id_are_shown(mia, upstream):
    bring(upstream, "server error")
    response = mia.get(LIST)
    assert one(response, "main code.uid").attributes["title"] == REQUEST_ID
    assert "internal_server_error: An internal error occurred" in text_of(one(response, ".facts"))


def test_what_the_server_said_stays_text(mia, upstream):
    said = "<img src=x onerror=a()>\u202e\x1b[2J"
    upstream.one("/runs/stats", samples.stats())
    upstream.refuse("/runs", 400, said, said)
    for headers in ({}, PART):
        response = mia.get(LIST, headers=headers)
        assert select(response, "img") == []
        assert "\u202e" not in response.content.decode()
        assert "\x1b" not in response.content.decode()


def test_silence_says_how_to_look_whether_the_platform_is_up(mia, upstream):
    bring(upstream, "down")
    command = text_of(one(mia.get(LIST), ".command code"))
    assert command == "curl -sS http://upstream.test:4681/status"


@pytest.mark.parametrize("page", ["", "?from=51&first=" + samples.BUILD_ID])
def test_trouble_leaves_no_half_page(mia, upstream, page):
    bring(upstream, "half a JSON")
    response = mia.get(LIST + page)
    assert select(response, "#listing") == []
