"""Who gives whom which role."""

import pytest

from hotdash.orgs.members import LastOwner, MayNotGrant, grant
from hotdash.orgs.models import Membership
from hotdash.orgs.roles import Role, can_grant
from tests.cast import Cast
from tests.rules.sources import PACKAGE, dashboard_modules, places

# giver    may give and take
MATRIX = """
owner      owner admin member viewer
admin      admin member viewer
member
viewer
"""
ROWS = {line.split()[0]: set(line.split()[1:]) for line in MATRIX.strip().split("\n")}


def test_the_table_is_about_every_role() -> None:
    assert set(ROWS) == set(Role)


@pytest.mark.parametrize("mine", Role)
@pytest.mark.parametrize("theirs", Role)
def test_nobody_gives_what_is_above_their_own(mine: Role, theirs: Role) -> None:
    assert can_grant(mine, theirs) is (theirs in ROWS[mine])


@pytest.mark.parametrize("mine", Role)
@pytest.mark.parametrize("before", Role)
@pytest.mark.parametrize("after", Role)
def test_a_role_changes_only_where_both_may_be_given(
    cast: Cast, mine: Role, before: Role, after: Role
) -> None:
    giver, member = cast.membership(cast.adam), cast.membership(cast.mia)
    giver.role, member.role = mine, before
    giver.save()
    member.save()
    if {before, after} <= ROWS[mine]:
        grant(giver, member.pk, after)
    else:
        with pytest.raises(MayNotGrant):
            grant(giver, member.pk, after)
    member.refresh_from_db()
    assert member.role == (after if {before, after} <= ROWS[mine] else before)


@pytest.mark.parametrize("who", ["olive", "adam", "mia", "vera"])
@pytest.mark.parametrize("role", Role)
def test_nobody_changes_their_own(cast: Cast, who: str, role: Role) -> None:
    mine = cast.membership(getattr(cast, who))
    before = mine.role
    with pytest.raises(MayNotGrant):
        grant(mine, mine.pk, role)
    mine.refresh_from_db()
    assert mine.role == before


def test_nobody_gives_a_role_in_another_organization(cast: Cast) -> None:
    theirs = cast.membership(cast.stan)
    with pytest.raises(Membership.DoesNotExist):
        grant(cast.membership(cast.olive), theirs.pk, Role.VIEWER)


def test_what_was_just_taken_from_the_giver_counts(cast: Cast) -> None:
    stale, member = cast.membership(cast.adam), cast.membership(cast.mia)
    Membership.objects.filter(pk=stale.pk).update(role=Role.VIEWER)
    with pytest.raises(MayNotGrant):
        grant(stale, member.pk, Role.ADMIN)


def test_an_owner_may_be_demoted_by_another_and_the_last_by_nobody(cast: Cast) -> None:
    olive, adam = cast.membership(cast.olive), cast.membership(cast.adam)
    grant(olive, adam.pk, Role.OWNER)
    grant(adam, olive.pk, Role.MEMBER)
    with pytest.raises((MayNotGrant, LastOwner)):
        grant(cast.membership(cast.olive), adam.pk, Role.MEMBER)


def test_nothing_that_a_person_asks_for_changes_a_role_otherwise() -> None:
    others = [path for path in dashboard_modules() if path != PACKAGE / "orgs" / "members.py"]
    assert places(r"\bchange_role\(|\.role = ", others) == []
