"""The way from a bare address to the overview."""

from django.test import Client

from hotdash.orgs.creation import create_organization
from hotdash.orgs.models import Membership
from tests.cast import Cast
from tests.reading import heading, said


def test_the_bare_address_leads_to_the_first_organizations_first_environment(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    assert client.get("/")["Location"] == "/acme/"
    assert client.get("/acme/")["Location"] == "/acme/development/"


def test_without_the_last_slash_too(cast: Cast) -> None:
    assert cast.browser(cast.mia).get("/acme/production")["Location"] == "/acme/production/"


def test_whoever_belongs_nowhere_is_told_whom_to_ask(cast: Cast) -> None:
    Membership.objects.filter(user=cast.mia).delete()
    response = cast.browser(cast.mia).get("/")
    assert response.status_code == 200
    assert heading(response) == "You belong to no organization yet"
    assert "mia@example.test" in said(response)


def test_an_organization_without_environments_says_so(cast: Cast) -> None:
    create_organization("meadow", "Meadow", cast.mia)
    response = cast.browser(cast.mia).get("/meadow/")
    assert response.status_code == 200
    assert "Meadow watches nothing yet." in said(response)


def test_anothers_organization_is_404(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    for address in ("/umbra/", "/umbra/production/", "/acme/nowhere/", "/nowhere/"):
        assert client.get(address).status_code == 404


def test_whoever_is_unknown_signs_in_first(db: None) -> None:
    for address in ("/", "/acme/", "/acme/production/"):
        assert Client().get(address)["Location"].startswith("/accounts/login/?next=/")
