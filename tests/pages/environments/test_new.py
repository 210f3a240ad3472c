"""Adding an environment of any Hot API by its address and one's own key."""

import uuid

import pytest

from hotdash.credentials.keys import key_for
from hotdash.orgs.models import Environment
from tests import samples
from tests.canary import CANARY
from tests.cast import Cast
from tests.pages.environments.a_new_environment import FORM, NEW, error_under, without_a_key
from tests.reading import attribute, said, select
from tests.upstream import REQUEST_ID, FakeUpstream


def made() -> list[Environment]:
    return list(Environment.objects.filter(slug="sandbox"))


@pytest.mark.parametrize("person", ["olive", "adam"])
def test_an_accepted_key_makes_the_environment_and_says_what_answered(
    cast: Cast, upstream: FakeUpstream, person: str
) -> None:
    wire = samples.environment(name="acme-sandbox")
    upstream.one("/env", wire)
    client = cast.browser(getattr(cast, person))
    response = client.post(NEW, FORM)
    assert response.status_code == 303
    assert response["Location"] == "/acme/settings/environments/sandbox/"
    words = said(client.get(response["Location"]))
    assert "Sandbox is connected. The server calls it acme-sandbox, version 2.6.9." in words
    (environment,) = made()
    assert environment.base_url == "http://upstream.test:4681"
    assert environment.prefix == "/v1"
    assert environment.upstream_env_id == uuid.UUID(wire["env_id"])
    key = key_for(cast.membership(getattr(cast, person)), environment)
    assert key is not None
    assert key.reveal() == CANARY


def test_the_prefix_is_found_out_where_none_was_typed(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.prefix = "/api/v1"
    upstream.refuse("/v1/env", 404)
    upstream.one("/env", samples.environment())
    client = cast.browser(cast.adam)
    client.post(NEW, FORM | {"base_url": "http://upstream.test:4681/"})
    (environment,) = made()
    assert environment.prefix == ""
    words = said(client.get("/acme/settings/environments/sandbox/"))
    assert "http://upstream.test:4681/api/v1" in words


def test_a_server_of_the_older_generation_is_said_to_be_one(
    cast: Cast, upstream: FakeUpstream
) -> None:
    upstream.prefix = "/api/v1"
    upstream.respond("GET", "/env", lambda seen: without_a_key(seen, "unauthorized"))
    upstream.refuse("/status", 404)
    client = cast.browser(cast.adam)
    response = client.post(NEW, FORM | {"base_url": "http://upstream.test:4681/api/v1"})
    words = said(client.get(response["Location"]))
    assert "The server calls it old, of the older generation." in words
    assert "of the older generation it tells no version" in words
    assert "hotdash asks it again every few seconds" in words


@pytest.mark.parametrize("status", [404, 200], ids=["none", "html"])
def test_a_server_whose_status_a_proxy_answers_is_known_by_its_manner(
    cast: Cast, upstream: FakeUpstream, status: int
) -> None:
    upstream.respond("GET", "/env", lambda seen: without_a_key(seen, ""))
    upstream.raw("/status", b"<h1>Welcome</h1>", status, content_type="text/html")
    client = cast.browser(cast.adam)
    words = said(client.get(client.post(NEW, FORM)["Location"]))
    assert "The server calls it old, of the current generation." in words


@pytest.mark.parametrize("person", ["mia", "vera"])
def test_neither_members_nor_viewers_add_one_and_nobody_is_called(
    cast: Cast, upstream: FakeUpstream, person: str
) -> None:
    client = cast.browser(getattr(cast, person))
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, FORM).status_code == 403
    assert not made()
    assert upstream.calls == []
    listing = client.get("/acme/settings/environments/")
    assert NEW not in [link.attributes.get("href") for link in select(listing, "a")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ftp://hot.example", "An address starts with https:// or http://."),
        ("https://mia:pw@hot.example", "An address holds no user name or password"),
        ("https://hot.example/?a=b", "An address ends with its host, or with /v1 or /api/v1"),
        ("https://hot.example/#a", "An address ends with its host, or with /v1 or /api/v1"),
        ("https://h\\@e/", "An address holds no spaces, backslashes or control characters."),
        ("https://h%6ft/", "A host holds no % signs."),
        ("https://hot.example/v2", "After the host there may be /v1 or /api/v1, nothing else."),
        ("https://hot.example:99999", "The port is a number from 1 to 65535"),
        ("", "This field is required."),
    ],
)
def test_an_odd_address_gets_its_sentence_under_its_field(
    cast: Cast, upstream: FakeUpstream, typed: str, sentence: str
) -> None:
    response = cast.browser(cast.adam).post(NEW, FORM | {"base_url": typed})
    assert response.status_code == 422
    assert sentence in error_under(response, "base_url")
    assert upstream.calls == []


def test_what_was_typed_is_kept_but_for_the_key(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 401)
    response = cast.browser(cast.adam).post(NEW, FORM)
    assert response.status_code == 422
    assert error_under(response, "key") == "The Hot API does not accept this key."
    assert attribute(response, "#id_base_url", "value") == FORM["base_url"]
    assert attribute(response, "#id_name", "value") == "Sandbox"
    assert attribute(response, "#id_slug", "value") == "sandbox"
    assert attribute(response, "#id_kind option[selected]", "value") == "other"
    (key,) = select(response, "#id_key")
    assert "value" not in key.attributes
    assert CANARY not in response.content.decode()
    assert not made()


def test_a_refusal_names_the_request_on_the_platform(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 403, "forbidden", "a word of the server's")
    response = cast.browser(cast.adam).post(NEW, FORM)
    assert "(env:read)" in error_under(response, "key")
    assert REQUEST_ID in error_under(response, "key")
    assert "a word of the server's" not in said(response)


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("Sand box", "Use 2 to 40 characters"),
        ("s", "Use 2 to 40 characters"),
        ("settings", "is a word that hotdash uses itself"),
        ("new", "is a word that hotdash uses itself"),
        ("staging", "“staging” is taken"),
    ],
)
def test_a_slug_that_cannot_be_had_is_said_before_anybody_is_called(
    cast: Cast, upstream: FakeUpstream, slug: str, sentence: str
) -> None:
    response = cast.browser(cast.adam).post(NEW, FORM | {"slug": slug})
    assert response.status_code == 422
    assert sentence in error_under(response, "slug")
    assert upstream.calls == []
