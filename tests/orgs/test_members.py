"""Changing roles, and the owner who stays."""

import pytest

from hotdash.orgs.members import LastOwner, change_role, remove_member
from hotdash.orgs.models import Membership
from hotdash.orgs.roles import Role
from tests.cast import Cast


def owners(cast: Cast) -> int:
    return Membership.objects.filter(organization=cast.acme, role=Role.OWNER).count()


def test_the_last_owner_can_neither_step_down_nor_leave(cast: Cast) -> None:
    with pytest.raises(LastOwner, match="keeps at least one owner"):
        change_role(cast.membership(cast.olive), Role.ADMIN)
    with pytest.raises(LastOwner, match="keeps at least one owner"):
        remove_member(cast.membership(cast.olive))
    assert owners(cast) == 1


def test_one_of_two_owners_can(cast: Cast) -> None:
    change_role(cast.membership(cast.adam), Role.OWNER)
    change_role(cast.membership(cast.olive), Role.MEMBER)
    assert owners(cast) == 1
    assert cast.membership(cast.olive).role == Role.MEMBER


def test_owners_of_another_organization_do_not_count(cast: Cast) -> None:
    Membership.objects.create(user=cast.stan, organization=cast.acme, role=Role.ADMIN)
    with pytest.raises(LastOwner):
        change_role(cast.membership(cast.olive), Role.ADMIN)


def test_an_owner_stays_owner_when_made_owner_again(cast: Cast) -> None:
    change_role(cast.membership(cast.olive), Role.OWNER)
    assert owners(cast) == 1


def test_others_come_and_go(cast: Cast) -> None:
    change_role(cast.membership(cast.vera), Role.MEMBER)
    remove_member(cast.membership(cast.mia))
    assert cast.membership(cast.vera).role == Role.MEMBER
    assert not Membership.objects.filter(user=cast.mia).exists()
