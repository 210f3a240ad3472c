"""Making another organization."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from hotdash.audit.models import Entry
from hotdash.orgs.models import Membership, Organization
from tests.cast import PASSWORD, Cast
from tests.reading import attribute, heading, said, select
from tests.upstream import FakeUpstream

NEW = "/organizations/new/"
FORM = {"name": "Meadow", "slug": "meadow"}


@pytest.mark.parametrize("person", ["olive", "adam", "mia", "vera", "stan"])
def test_whoever_makes_one_owns_it_and_nothing_else_changes(cast: Cast, person: str) -> None:
    someone = getattr(cast, person)
    client = cast.browser(someone)
    before = Membership.objects.count()
    response = client.post(NEW, FORM | {"may_run_code": "1", "owner": str(cast.stan.pk)})
    assert (response.status_code, response["Location"]) == (303, "/meadow/")
    made = Organization.objects.get(slug="meadow")
    assert not made.may_run_code
    assert Membership.objects.count() == before + 1
    assert Membership.objects.get(organization=made).user == someone
    assert Membership.objects.get(organization=made).role == "owner"


def test_it_is_empty_and_says_what_to_do(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    page = client.get(client.post(NEW, FORM)["Location"])
    words = said(page)
    assert "Meadow is made, and you are its owner." in words
    assert "No environment yet" in words
    links = [link.attributes.get("href") for link in select(page, "main a")]
    assert "/meadow/settings/environments/new/" in links


def test_the_switcher_lists_it_and_leads_to_the_form(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    client.post(NEW, FORM)
    links = [
        link.attributes.get("href") for link in select(client.get("/meadow/"), "#scope-menu a")
    ]
    assert {"/acme/", "/meadow/", NEW} <= set(links)


def test_nobody_else_sees_it(cast: Cast) -> None:
    cast.browser(cast.mia).post(NEW, FORM)
    for person in (cast.olive, cast.stan):
        assert cast.browser(person).get("/meadow/").status_code == 404


def test_its_record_begins_with_its_making(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    client.post(NEW, FORM)
    rows = Entry.objects.filter(organization_slug="meadow")
    assert [(row.action, row.outcome) for row in rows] == [
        ("organizations.create", ""),
        ("organizations.create", "done"),
    ]
    assert "made the organization" in said(client.get("/meadow/settings/audit/"))


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("acme", "“acme” is taken. Choose another."),
        ("umbra", "“umbra” is taken. Choose another."),
        ("accounts", "is a word that hotdash uses itself"),
        ("organizations", "is a word that hotdash uses itself"),
        ("account", "is a word that hotdash uses itself"),
        ("Meadow", "Use 2 to 40 characters"),
        ("m", "Use 2 to 40 characters"),
        ("m" * 41, "at most 40 characters"),
        ("../acme", "Use 2 to 40 characters"),
        ("", "This field is required."),
    ],
)
def test_a_slug_that_cannot_be_had_is_said_and_the_rest_is_kept(
    cast: Cast, slug: str, sentence: str
) -> None:
    response = cast.browser(cast.mia).post(NEW, FORM | {"slug": slug})
    assert response.status_code == 422
    assert sentence in " ".join(node.text() for node in select(response, "#id_slug_error"))
    assert attribute(response, "#id_name", "value") == "Meadow"
    assert Organization.objects.count() == 2


def test_a_name_is_text(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    page = client.get(client.post(NEW, FORM | {"name": "<i>Me</i>\u202eadow"})["Location"])
    assert not select(page, "main i")
    assert "⟨U+202E⟩" in heading(page)


def test_a_stranger_signs_in_first(cast: Cast, client: Client) -> None:
    for response in (client.get(NEW), client.post(NEW, FORM)):
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_whoever_signs_up_where_that_is_open_makes_their_own_and_may_run_no_code(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.SIGNUP = "open"
    client.post("/accounts/signup/", {"email": "new@example.test", "password1": PASSWORD})
    links = [link.attributes.get("href") for link in select(client.get("/"), "a")]
    assert NEW in links
    assert client.post(NEW, FORM).status_code == 303
    assert not Organization.objects.get(slug="meadow").may_run_code


def test_whoever_signs_up_where_that_is_open_comes_to_no_embedded_api(
    cast: Cast, client: Client, settings: Settings, upstream: FakeUpstream
) -> None:
    settings.SIGNUP = "open"
    client.post("/accounts/signup/", {"email": "new@example.test", "password1": PASSWORD})
    client.post(NEW, FORM | {"may_run_code": "on"})
    upstream.refuse("/env", 401)  # no key to it was ever given to them
    place = {"base_url": settings.EMBEDDED_ORIGIN, "key": "hot_made_up", "name": "Mine"}
    asked = place | {"slug": "mine", "kind": "other", "is_embedded": "on", "prefix": "/v1"}
    assert client.post("/meadow/settings/environments/new/", asked).status_code == 422
    meadow = Organization.objects.get(slug="meadow")
    assert not meadow.may_run_code
    assert not meadow.environments.exists()
    assert [seen.method for seen in upstream.calls] == ["GET"] * len(upstream.calls)


def test_the_first_page_is_the_first_organizations_whatever_the_case_of_names(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    client.post(NEW, FORM | {"name": "beach"})
    client.post(NEW, {"name": "ACME too", "slug": "third"})
    assert client.get("/")["Location"] == "/acme/"
    names = [
        " ".join(node.text().split()) for node in select(client.get("/meadow/"), "#scope-menu a")
    ]
    assert names[:3] == ["Acme", "ACME too", "beachowner"]
