"""Every change of a right is written down with the change, and undone with it."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from hotdash.credentials.leaving import leave
from hotdash.credentials.models import Credential
from hotdash.live import revocations
from hotdash.live.admission import admit, still_stands
from hotdash.live.horizon import READ_AGAIN, Horizon, horizon, read_since
from hotdash.live.models import Revocation
from hotdash.live.topics import Topic
from hotdash.orgs.members import change_role
from hotdash.orgs.models import Environment, Membership
from hotdash.orgs.roles import Role
from tests.cast import Cast, give_key
from tests.upstream import FakeUpstream


def subjects_after(change: Callable[[], object]) -> set[str]:
    """What a change wrote down."""
    before = horizon()
    change()
    return {each.subject for each in read_since([before]) if before.is_beyond(each)}


def renamed(environment: Environment, **fields: str) -> None:
    for name, value in fields.items():
        setattr(environment, name, value)
    environment.save()


def test_whose_rights_change_is_written_down(cast: Cast) -> None:
    mia, place = cast.membership(cast.mia), cast.environment()
    person = revocations.person(cast.mia.pk)
    key = Credential.objects.get(user=cast.mia, environment=place)
    assert subjects_after(lambda: change_role(mia, Role.ADMIN)) == {person}
    assert subjects_after(key.save) == {person}
    assert subjects_after(key.delete) == {person}
    assert subjects_after(lambda: leave(mia)) == {person}
    assert subjects_after(lambda: renamed(place, base_url="https://hot.example")) == {
        revocations.environment(place.pk)
    }


def test_what_changes_no_right_is_not(cast: Cast) -> None:
    place = cast.environment()
    place.prefix = "/v1"
    cast.mia.theme = "dark"
    Credential.objects.filter(user=cast.mia, environment=place).delete()
    assert subjects_after(lambda: place.save(update_fields=["prefix"])) == set()
    assert subjects_after(lambda: cast.mia.save(update_fields=["theme"])) == set()
    assert subjects_after(lambda: give_key(cast.mia, place)) == set()


def test_who_or_what_is_gone_is_written_down_and_who_comes_is_not(cast: Cast) -> None:
    mia, vera, place = cast.mia, cast.vera, cast.environment("staging")
    person, gone = revocations.person(mia.pk), revocations.environment(place.pk)
    Membership.objects.filter(user=vera).delete()
    assert (
        subjects_after(
            lambda: Membership.objects.create(user=vera, organization=cast.acme, role=Role.VIEWER)
        )
        == set()
    )
    assert gone in subjects_after(place.delete)
    Membership.objects.filter(user=mia).delete()
    Credential.objects.filter(user=mia).delete()
    assert subjects_after(mia.delete) == {person}


def test_a_sign_out_names_the_session_without_its_key(cast: Cast) -> None:
    browser = cast.browser(cast.mia)
    key = browser.session.session_key
    written = subjects_after(lambda: browser.post("/accounts/logout/"))
    assert revocations.session(str(key)) in written
    assert not any(str(key) in subject for subject in written)


def test_deleting_many_at_once_writes_each(cast: Cast) -> None:
    written = subjects_after(
        lambda: Membership.objects.filter(user__in=[cast.mia, cast.vera]).delete()
    )
    assert written == {revocations.person(cast.mia.pk), revocations.person(cast.vera.pk)}


def test_a_change_that_is_undone_revokes_nothing(cast: Cast) -> None:
    def undone() -> None:
        with transaction.atomic():
            change_role(cast.membership(cast.mia), Role.ADMIN)
            transaction.set_rollback(True)

    assert subjects_after(undone) == set()


def test_old_ones_are_forgotten(cast: Cast) -> None:
    revocations.revoke("person:1")
    Revocation.objects.update(at="2026-01-01T00:00:00Z")
    revocations.revoke("person:2")
    assert list(Revocation.objects.values_list("subject", flat=True)) == ["person:2"]


CHANGES: dict[str, Callable[[Cast], object]] = {
    "role": lambda cast: Membership.objects.filter(user=cast.mia).update(role="viewer"),
    "membership": lambda cast: Membership.objects.filter(user=cast.mia).delete(),
    "key": lambda cast: Credential.objects.filter(user=cast.mia).delete(),
    "session": lambda _: Session.objects.all().delete(),
    "account": lambda cast: type(cast.mia).objects.filter(pk=cast.mia.pk).update(is_active=False),
    "address": lambda _: Environment.objects.update(base_url="http://elsewhere.test:1"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_look_once_a_minute_finds_what_no_revocation_told(cast: Cast, change: str) -> None:
    session = cast.browser(cast.mia).session.session_key
    visit = admit(cast.mia, str(session), [Topic("env", cast.environment().pk)])
    assert still_stands(visit)
    CHANGES[change](cast)
    # a viewer may listen too: only the others end a stream at this look
    assert still_stands(visit) == (change == "role")


def test_a_key_that_would_have_to_be_made_anew_stands_no_more(
    cast: Cast, upstream: FakeUpstream, settings: Settings, tmp_path: Path
) -> None:
    cast.embed(settings)
    settings.DATA_DIR = tmp_path
    (tmp_path / "operator-key").write_text("hot_" + "9" * 32 + "_" + "b" * 64)
    cast.acme.may_run_code = True
    cast.acme.save()
    upstream.fail("/envs", httpx.ConnectError("refused"), method="POST")
    session = cast.browser(cast.mia).session.session_key
    visit = admit(cast.mia, str(session), [Topic("env", cast.environment().pk)])
    Membership.objects.filter(user=cast.mia).update(role=Role.ADMIN)
    assert not still_stands(visit)
    assert upstream.seen("/envs", "POST"), "nobody answered who could have made it"


def test_one_that_was_there_before_is_not_told_again(cast: Cast) -> None:
    revocations.revoke("person:1")
    assert subjects_after(lambda: revocations.revoke("person:2")) == {"person:2"}
    begun = horizon()
    revocations.revoke("person:3")
    begun = begun.moved_on(read_since([begun]))
    assert not [each for each in read_since([begun]) if begun.is_beyond(each)]


def test_a_lower_number_that_is_committed_later_is_not_missed(cast: Cast) -> None:
    revocations.revoke("person:1")
    late = Revocation.objects.get(subject="person:1")
    Revocation.objects.all().delete()  # as if it were not committed yet
    revocations.revoke("person:2")
    begun = horizon()
    Revocation.objects.bulk_create([late])
    assert late.pk < begun.newest
    assert [each.subject for each in read_since([begun]) if begun.is_beyond(each)] == ["person:1"]


def test_an_old_one_is_nobodys_news(cast: Cast) -> None:
    revocations.revoke("person:1")
    Revocation.objects.update(at=timezone.now() - 2 * READ_AGAIN)
    other = Horizon(0, timezone.now())  # another's, who came before it
    begun = horizon()
    assert not [each for each in read_since([begun, other]) if begun.is_beyond(each)]
