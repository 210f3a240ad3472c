"""People: one address is one person."""

import pytest
from django.db import IntegrityError, transaction

from hotdash.accounts.models import User


def test_two_spellings_of_an_address_are_one_person(db: None) -> None:
    User.objects.create_user("Mia@Example.test ")
    assert User.objects.get().email == "mia@example.test"
    assert User.objects.get_by_natural_key("MIA@example.test") == User.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("mia@EXAMPLE.test")


def test_an_account_without_a_password_cannot_be_signed_in_to(db: None) -> None:
    person = User.objects.create_user("mia@example.test")
    assert not person.has_usable_password()
    assert not person.check_password("")


def test_passwords_are_hashed_with_argon2(db: None) -> None:
    person = User.objects.create_user("mia@example.test", "a lamp in the window")
    assert person.password.startswith("argon2$argon2id$")
    assert person.check_password("a lamp in the window")


def test_ids_are_in_the_order_in_which_people_came(db: None) -> None:
    people = [User.objects.create_user(f"{number}@example.test") for number in range(20)]
    assert [person.pk for person in people] == sorted(person.pk for person in people)
    assert {person.pk.version for person in people} == {7}


def test_a_person_is_called_by_name_else_by_address(db: None) -> None:
    assert str(User.objects.create_user("mia@example.test", name="Mia")) == "Mia"
    assert str(User.objects.create_user("vera@example.test")) == "vera@example.test"
