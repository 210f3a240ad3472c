"""Two people in two browsers, and a member that a household has beside its owner."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browser.conftest import Complaints, profile
from tests.browser.watching import PASSWORD
from tests.household import ROOT, Household

MEMBER = "mia@example.test"
_JOIN = f"""
from hotdash.accounts.models import User
from hotdash.orgs.models import Membership, Organization
from hotdash.orgs.roles import Role
mia = User.objects.create_user({MEMBER!r}, {PASSWORD!r}, name="Mia Member")
acme = Organization.objects.get(slug="acme")
Membership.objects.create(user=mia, organization=acme, role=Role.MEMBER)
"""
_LEAVE = f"""
from hotdash.credentials.leaving import leave
from hotdash.orgs.models import Membership
leave(Membership.objects.get(user__email={MEMBER!r}))
"""


@contextmanager
def person(chromium: Browser, complaints: Complaints) -> Iterator[Page]:
    """A browser profile of one person, watched as every other."""
    with profile(chromium, complaints) as context:
        yield context.new_page()


def let_a_member_in(house: Household) -> None:
    """Make Mia a member of acme, as its operator can; a page for it is still to come."""
    _operate(house, _JOIN)


def let_the_member_out(house: Household) -> None:
    """End Mia's membership."""
    _operate(house, _LEAVE)


def _operate(house: Household, deed: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", deed],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **house.settings},
        check=True,
        capture_output=True,
    )
