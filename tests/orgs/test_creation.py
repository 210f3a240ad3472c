"""Making organizations and environments."""

import pytest

from hotdash.orgs.creation import CodeNotAllowed, create_environment, create_organization
from hotdash.orgs.models import Environment, Kind, Membership, Organization
from hotdash.orgs.roles import Role
from hotdash.orgs.slugs import BadSlug
from tests.cast import Cast


def test_whoever_makes_an_organization_owns_it_and_may_not_run_code(cast: Cast) -> None:
    made = create_organization("meadow", "Meadow", cast.stan)
    assert Membership.objects.get(organization=made).role == Role.OWNER
    assert not made.may_run_code


@pytest.mark.parametrize(
    "slug", ["a", "a" * 41, "Acme", "a_b", "a b", "ä-b", "a/b", "", "..", "a\n"]
)
def test_a_slug_of_another_shape_is_refused_in_words(cast: Cast, slug: str) -> None:
    with pytest.raises(BadSlug, match="2 to 40 characters"):
        create_organization(slug, "X", cast.stan)
    with pytest.raises(BadSlug, match="2 to 40 characters"):
        create_environment(cast.acme, slug, "X", Kind.OTHER)
    assert Organization.objects.count() == 2


@pytest.mark.parametrize("slug", ["account", "accounts", "healthz"])
def test_a_word_that_a_route_begins_with_is_no_organization(cast: Cast, slug: str) -> None:
    with pytest.raises(BadSlug, match="hotdash uses itself"):
        create_organization(slug, "X", cast.stan)


def test_a_taken_slug_is_refused_in_words(cast: Cast) -> None:
    with pytest.raises(BadSlug, match="“acme” is taken"):
        create_organization("acme", "X", cast.stan)
    with pytest.raises(BadSlug, match="“staging” is taken"):
        create_environment(cast.acme, "staging", "X", Kind.OTHER)
    assert Membership.objects.filter(user=cast.stan).count() == 1


def test_two_organizations_may_name_their_environments_alike(cast: Cast) -> None:
    assert Environment.objects.filter(slug="production").count() == 2


def test_an_embedded_environment_needs_the_right_to_run_code(cast: Cast) -> None:
    with pytest.raises(CodeNotAllowed, match="Acme may not run code on this host"):
        create_environment(cast.acme, "local", "Local", Kind.DEVELOPMENT, is_embedded=True)
    cast.acme.may_run_code = True
    assert create_environment(
        cast.acme, "local", "Local", Kind.DEVELOPMENT, is_embedded=True
    ).is_embedded


def test_environments_are_listed_as_they_were_made(cast: Cast) -> None:
    listed = [environment.slug for environment in cast.acme.environments.all()]
    assert listed == ["development", "staging", "production"]
