"""The first owner: made without a password, let in by a link."""

import os

from django.conf import settings

from hotdash.accounts import FIRST_SIGN_IN
from hotdash.accounts.links import first_sign_in_link
from hotdash.accounts.models import User
from hotdash.orgs.models import Membership
from hotdash.orgs.roles import Role

EMAIL = "owner@localhost"


def first() -> User:
    """Return the first owner's account, made if it is not there yet."""
    existing = User.objects.filter(email=EMAIL).first()
    return existing or User.objects.create_user(EMAIL, name="Owner")


def renew_link() -> None:
    """Write a fresh link beside the data while no owner has a password; else take it away."""
    path = settings.DATA_DIR / FIRST_SIGN_IN
    owners = [
        membership.user
        for membership in Membership.objects.filter(role=Role.OWNER)
        .select_related("user")
        .order_by("joined_at")
    ]
    if not owners or any(person.has_usable_password() for person in owners):
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(f".{path.name}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{first_sign_in_link(owners[0])}\n{owners[0].email}\n")
    draft.replace(path)
