"""What the frame around a page says of person and place."""

from typing import Any

import pytest
from django.http import HttpRequest

from hotdash.accounts.models import User
from hotdash.guard.scope import find_scope
from hotdash.guard.shell import Shell
from tests.cast import Cast


def shell(person: User | None, org: str = "", env: str | None = None) -> Shell:
    request: Any = HttpRequest()
    if person is not None:
        request.user = person
        if org:
            request.scope = find_scope(person, org, env)
    return Shell(request)


def test_it_offers_the_persons_organizations_and_this_ones_environments(cast: Cast) -> None:
    inside = shell(cast.mia, "acme", "staging")
    assert [organization.slug for organization in inside.organizations] == ["acme"]
    assert [e.slug for e in inside.environments] == ["development", "staging", "production"]
    assert inside.org == cast.acme
    assert inside.environment == cast.environment("staging")
    assert (inside.role, inside.role_words) == ("Member", "a member")


def test_before_anybody_signed_in_it_is_empty() -> None:
    outside = shell(None)
    assert (outside.person, outside.org, outside.environment) == (None, None, None)
    assert (outside.organizations, outside.environments) == ((), ())
    assert (outside.role, outside.initials, outside.theme, outside.page) == ("", "", "system", "")


def test_outside_every_organization_it_still_offers_the_persons_own(cast: Cast) -> None:
    assert shell(cast.stan).organizations == (cast.umbra,)


def test_rights_are_asked_by_noun_and_verb(cast: Cast) -> None:
    rights = shell(cast.vera, "acme").may
    assert rights["runs"]["view"]
    assert not rights["runs"].get("destroy")
    assert rights["castles"] == {}
    assert not shell(None).may["runs"]["view"]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Mia Member", "MM"), ("Cher", "C"), ("Ada von Lovelace", "AL"), ("", "M"), ("  ", "")],
)
def test_initials_are_first_and_last(cast: Cast, name: str, initials: str) -> None:
    cast.mia.name = name
    assert shell(cast.mia).initials == initials


def test_the_whole_frame_costs_two_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        inside = shell(cast.mia, "acme", "staging")
        assert all([inside.org, inside.organizations, inside.environments, inside.role])
        assert inside.may["runs"]["view"]
