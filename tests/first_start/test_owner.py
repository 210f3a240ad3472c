"""The first owner's account and the link that claims it."""

import pytest
from django.conf import settings

from hotdash.accounts import FIRST_SIGN_IN
from hotdash.accounts.models import User
from hotdash.first_start import announcement, owner
from hotdash.orgs.models import Membership
from tests.cast import PASSWORD


@pytest.fixture(autouse=True)
def one_data_directory(monkeypatch):
    monkeypatch.setenv("HOTDASH_DATA_DIR", str(settings.DATA_DIR))


def kept():
    return settings.DATA_DIR / FIRST_SIGN_IN


def test_the_first_owner_waits_without_a_password(db):
    person = owner.first()
    assert not person.has_usable_password()
    assert owner.first() == person
    assert User.objects.count() == 1


def test_each_start_offers_a_link_while_no_owner_has_a_password(cast):
    owner.renew_link()
    link, email = kept().read_text().split()
    assert "/accounts/password/reset/key/" in link
    assert email == cast.olive.email
    assert kept().stat().st_mode & 0o777 == 0o600
    assert f"    {link}\n" in announcement.text()
    assert f"you sign in as {email}" in announcement.text()


def test_no_link_is_offered_once_an_owner_has_a_password(cast):
    owner.renew_link()
    cast.olive.set_password(PASSWORD)
    cast.olive.save()
    owner.renew_link()
    assert not kept().exists()
    assert "password" not in announcement.text()


def test_a_member_with_a_password_does_not_end_the_owners_link(cast):
    cast.mia.set_password(PASSWORD)
    cast.mia.save()
    Membership.objects.filter(user=cast.stan).delete()
    owner.renew_link()
    assert kept().exists()
