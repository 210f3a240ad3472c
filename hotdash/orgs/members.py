"""Changing who belongs to an organization, and never leaving it without an owner."""

from django.db import transaction

from hotdash.orgs.models import Membership
from hotdash.orgs.roles import Role


class LastOwner(Exception):
    """The organization would be left without an owner."""

    def __init__(self) -> None:
        super().__init__(
            "An organization keeps at least one owner. Make somebody else owner first."
        )


@transaction.atomic
def change_role(membership: Membership, role: Role) -> None:
    """Give a member another role; raise LastOwner if that would leave no owner."""
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
