"""Two owners demote each other at the same moment; prints what each got. Run by test_last_owner."""

import sys
import threading

import django
from django.core.management import call_command


def main(rounds: int) -> None:
    """Play the scene so often, each time in a fresh organization."""
    django.setup()
    call_command("migrate", verbosity=0)
    for number in range(rounds):
        sys.stdout.write(" ".join(sorted(play(f"round-{number}"))) + "\n")


def play(slug: str) -> list[str]:
    """Return what became of each owner's attempt, and how many owners are left."""
    from hotdash.accounts.models import User
    from hotdash.orgs.creation import create_organization
    from hotdash.orgs.models import Membership
    from hotdash.orgs.roles import Role

    first, second = (User.objects.create_user(f"{name}@{slug}.test") for name in "ab")
    organization = create_organization(slug, slug, first)
    Membership.objects.create(user=second, organization=organization, role=Role.OWNER)
    memberships = list(Membership.objects.filter(organization=organization))
    outcomes: list[str] = []
    gate = threading.Barrier(2)
    threads = [
        threading.Thread(target=_demote, args=(membership, gate, outcomes))
        for membership in memberships
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = Membership.objects.filter(organization=organization, role=Role.OWNER).count()
    return [*outcomes, f"owners={left}"]


def _demote(membership: object, gate: threading.Barrier, outcomes: list[str]) -> None:
    from django.db import connection

    from hotdash.orgs.members import LastOwner, change_role
    from hotdash.orgs.models import Membership
    from hotdash.orgs.roles import Role

    assert isinstance(membership, Membership)
    connection.ensure_connection()
    gate.wait()
    try:
        change_role(membership, Role.MEMBER)
        outcomes.append("demoted")
    except LastOwner:
        outcomes.append("kept")
    finally:
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
