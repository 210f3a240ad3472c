"""What the list says when its Hot API is in trouble: as a page, and as the part that htmx loads."""

import pytest

from tests import samples
from tests.reading import one, select, text_of
from tests.troubles import TROUBLES, bring
from tests.upstream import REQUEST_ID

LIST = "/acme/development/runs/"
PART = {"HX-Request": "true", "HX-Target": "listing"}


def meet(upstream, trouble):
    """Let the list of runs meet this trouble while everything else is well."""
    upstream.one("/runs/stats", samples.stats())
    bring(upstream, "/runs", trouble)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_a_page_in_words_inside_the_shell(mia, upstream, trouble):
    meet(upstream, trouble)
    status, title = TROUBLES[trouble]
    response = mia.get(LIST)
    assert response.status_code == status
    assert text_of(one(response, "main h1")) == title
    assert len(select(response, "header.topbar")) == 1
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_a_fragment_in_the_same_words_for_htmx(mia, upstream, trouble):
    meet(upstream, trouble)
    status, title = TROUBLES[trouble]
    response = mia.get(LIST, headers=PART)
    assert response.status_code == status
    assert text_of(one(response, ".alert strong")) == title
    assert select(response, "main, header") == []


def test_a_way_to_another_address_is_not_followed(mia, upstream):
    upstream.one("/runs/stats", samples.stats())
    upstream.raw("/runs", b"", 302, location="https://elsewhere.test/")
    response = mia.get(LIST)
    assert response.status_code == 502
    assert "hotdash does not follow there" in text_of(one(response, ".verdict"))


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_leads_to_the_address_and_the_key_that_it_may_lie_with(mia, upstream, trouble):
    meet(upstream, trouble)
    links = [link.attributes["href"] for link in select(mia.get(LIST), "#main .cluster a")]
    assert "/acme/settings/environments/development/" in links


def test_the_way_to_try_again_keeps_the_filters(mia, upstream):
    meet(upstream, "slow")
    response = mia.get(f"{LIST}?status=failed&time=1h")
    again = one(response, "main a.button.primary")
    assert again.attributes["href"] == f"{LIST}?status=failed&time=1h"


def test_a_server_that_asks_to_wait_is_passed_on(mia, upstream):
    meet(upstream, "429")
    response = mia.get(LIST)
    assert response.headers["Retry-After"] == "7"
    assert "try again in 7 s" in text_of(one(response, ".verdict"))


def test_what_the_server_said_and_its_request_id_are_shown(mia, upstream):
    meet(upstream, "server error")
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
    meet(upstream, "down")
    command = text_of(one(mia.get(LIST), ".command code"))
    assert command == "curl -sS http://upstream.test:4681/status"


@pytest.mark.parametrize("page", ["", "?from=51&first=" + samples.BUILD_ID])
def test_trouble_leaves_no_half_page(mia, upstream, page):
    meet(upstream, "half a JSON")
    response = mia.get(LIST + page)
    assert select(response, "#listing") == []
