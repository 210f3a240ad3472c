"""Two people in two browsers, and a member that a household has beside its owner."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browser.conftest import Complaints, profile
from tests.household import ROOT, Household

PASSWORD = "a lamp in the window"
OWNER = "owner@localhost"
MEMBER = "mia@example.test"
_JOIN = f"""
from hotdash.accounts.models import User
from hotdash.orgs.models import Membership, Organization
from hotdash.orgs.roles import Role
mia = User.objects.create_user({MEMBER!r}, {PASSWORD!r}, name="Mia Member")
acme = Organization.objects.get(slug="acme")
Membership.objects.create(user=mia, organization=acme, role=Role.MEMBER)
"""


@contextmanager
def person(chromium: Browser, complaints: Complaints) -> Iterator[Page]:
    """A browser profile of one person, watched as every other."""
    with profile(chromium, complaints) as context:
        context.set_default_timeout(15_000)
        yield context.new_page()


def let_a_member_in(house: Household) -> None:
    """Make Mia a member of acme, as its operator can; a page for it is still to come."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", _JOIN],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **house.settings},
        check=True,
        capture_output=True,
    )


def claim(page: Page, house: Household) -> None:
    """Set the owner's password by the printed link."""
    assert house.link
    page.goto(house.link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    page.wait_for_url("**/acme/**")


def sign_in(page: Page, house: Household, email: str = MEMBER) -> None:
    """Sign in with a password."""
    page.goto(f"{house.url}/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/acme/**")
