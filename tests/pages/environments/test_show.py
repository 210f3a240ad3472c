"""One environment: where it is, what its server offers and lacks, and the person's own key."""

import pytest

from hotdash.credentials.models import Credential
from hotdash.orgs.models import Environment
from tests import samples
from tests.cast import Cast, key_of
from tests.reading import heading, said, select
from tests.troubles import TROUBLES, bring
from tests.upstream import FakeUpstream

SHOW = "/acme/settings/environments/development/"


@pytest.mark.parametrize("person", ["olive", "adam", "mia", "vera"])
def test_everybody_of_the_organization_sees_it_through_their_own_key(
    cast: Cast, upstream: FakeUpstream, person: str
) -> None:
    upstream.one("/env", samples.environment(name="acme-dev"))
    someone = getattr(cast, person)
    response = cast.browser(someone).get(SHOW)
    assert response.status_code == 200
    words = said(response)
    assert "http://upstream.test:4681/v1" in words
    assert "version 2.6.9" in words
    assert "Called there acme-dev" in words
    assert f"It ends in …{key_of(someone)[-4:]}" in words
    assert "3 other persons have a key of their own." in words
    assert {call.key for call in upstream.calls if call.path == "/env"} == {key_of(someone)}


def test_a_line_for_the_shell_holds_the_address_and_no_key(
    cast: Cast, upstream: FakeUpstream
) -> None:
    upstream.one("/env", samples.environment())
    response = cast.browser(cast.mia).get(SHOW)
    (line,) = select(response, ".command code")
    bearer = 'curl -sS -H "Authorization: Bearer $HOT_API_KEY"'
    assert line.text() == f"{bearer} http://upstream.test:4681/v1/env"


def test_what_the_server_has_and_lacks_is_said_in_words(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.one("/env", samples.environment())
    assert "A run shows each call of your own functions." in said(cast.browser(cast.mia).get(SHOW))


def test_the_platform_itself_lacks_the_extensions(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.extensions = ()
    upstream.one("/env", samples.environment())
    words = said(cast.browser(cast.mia).get(SHOW))
    assert "This server keeps no calls" in words
    assert "The server keeps no output" in words
    assert "The server says at once what happens." in words


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_failing_server_takes_its_panel_and_leaves_the_page(
    cast: Cast, upstream: FakeUpstream, trouble: str
) -> None:
    bring(upstream, "/env", trouble)
    response = cast.browser(cast.mia).get(SHOW)
    assert response.status_code == 200
    assert TROUBLES[trouble][1] in said(response)
    assert "It ends in" in said(response)
    retry = {link.attributes.get("hx-get") for link in select(response, "#server a")}
    assert SHOW in retry


def test_the_panel_alone_is_had_again(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.one("/env", samples.environment())
    part = {"HX-Request": "true", "HX-Target": "server"}
    response = cast.browser(cast.mia).get(SHOW, headers=part)
    assert len(select(response, "#server")) == 1
    assert not select(response, "main")


def test_without_a_key_it_shows_what_is_told_to_everybody_and_offers_to_store_one(
    cast: Cast, upstream: FakeUpstream
) -> None:
    Credential.objects.filter(user=cast.mia).delete()
    response = cast.browser(cast.mia).get(SHOW)
    words = said(response)
    assert "version 2.6.9" in words
    assert "Called there" not in words
    links = {link.attributes.get("href") for link in select(response, "main a")}
    assert f"{SHOW}key/" in links
    assert {call.key for call in upstream.calls} == {""}


def test_on_an_embedded_environment_there_is_no_key_to_enter_and_no_address_to_change(
    cast: Cast, upstream: FakeUpstream
) -> None:
    Environment.objects.filter(slug="development").update(is_embedded=True, base_url="")
    cast.acme.may_run_code = True
    cast.acme.save()
    response = cast.browser(cast.olive).get(SHOW)
    assert "hotdash makes your key to this environment itself" in said(response)
    links = {link.attributes.get("href") for link in select(response, "main a")}
    assert not links & {f"{SHOW}key/", f"{SHOW}key/removal/", f"{SHOW}origin/"}
    for address in ("key/", "key/removal/"):
        assert cast.browser(cast.olive).get(SHOW + address).status_code == 403
        assert cast.browser(cast.olive).post(SHOW + address, {"key": "x"}).status_code == 403


def test_the_list_names_every_environment_and_the_persons_key(cast: Cast) -> None:
    response = cast.browser(cast.mia).get("/acme/settings/environments/")
    rows = [" ".join(row.text().split()) for row in select(response, "tbody tr")]
    assert [row.split()[0] for row in rows] == ["Development", "Staging", "Production"]
    assert all("…amia" in row for row in rows)


def test_the_navigation_leads_there_from_every_page(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.one("/env", samples.environment())
    response = cast.browser(cast.mia).get(SHOW)
    current = select(response, ".nav a[aria-current=page]")
    assert [link.text().strip() for link in current] == ["Environments"]


def test_an_environment_that_is_not_there_is_404(cast: Cast) -> None:
    response = cast.browser(cast.mia).get("/acme/settings/environments/nowhere/")
    assert response.status_code == 404
    assert heading(response) == "There is no such page"
