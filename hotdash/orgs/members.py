"""Changing who belongs to an organization, and never leaving it without an owner."""

from uuid import UUID

from django.db import transaction

from hotdash.orgs.models import Membership
from hotdash.orgs.roles import Role, can_grant


class LastOwner(Exception):
    """The organization would be left without an owner."""

    def __init__(self) -> None:
        super().__init__(
            "An organization keeps at least one owner. Make somebody else owner first."
        )


class MayNotGrant(Exception):
    """Whoever asks may not give this role, or not to this member; its text says so."""

    def __init__(self) -> None:
        super().__init__(
            "Owners and admins give roles up to their own, to others who have no higher one."
        )


@transaction.atomic
def grant(giver: Membership, member_id: UUID, role: Role) -> None:
    """Give a member of the giver's own organization another role.

    The one way for whatever a person asks for. Raises Membership.DoesNotExist for anybody outside,
    MayNotGrant, and LastOwner.
    """
    # both are read again and held: either may just have lost what it had
    rows = Membership.objects.select_for_update().filter(organization_id=giver.organization_id)
    now = {row.pk: row for row in rows.order_by("pk")}
    if member_id not in now or giver.pk not in now:
        raise Membership.DoesNotExist
    mine, member = Role(now[giver.pk].role), now[member_id]
    if member_id == giver.pk or not (can_grant(mine, member.role) and can_grant(mine, role)):
        raise MayNotGrant
    change_role(member, role)


@transaction.atomic
def change_role(membership: Membership, role: Role) -> None:
    """Give a member another role; raise LastOwner if that would leave no owner.

    Whether anybody may ask for it is not looked at: that is `grant`.
    """
    if role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def remove_member(membership: Membership) -> None:
    """End a membership; raise LastOwner if that would leave no owner.

    `credentials.leaving.leave` also destroys the person's keys: call that.
    """
    _keep_an_owner(membership)
    membership.delete()


def _keep_an_owner(leaving: Membership) -> None:
    # locked in one order: two owners who demote each other at once wait for one another, and the
    # second counts what the first left (SQLite: the transaction itself is IMMEDIATE)
    owners = (
        Membership.objects.select_for_update()
        .filter(organization_id=leaving.organization_id, role=Role.OWNER)
        .order_by("pk")
    )
    if [owner.pk for owner in owners] == [leaving.pk]:
        raise LastOwner
