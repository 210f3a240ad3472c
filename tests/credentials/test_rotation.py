"""Rotating the key ring: resumable, and afterwards the new key alone opens everything."""

import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from hotdash.credentials.keys import key_for
from hotdash.credentials.models import Credential
from hotdash.credentials.rotation import Outcome, reseal_all
from hotdash.host.keyring import Ring, parse_ring
from hotdash.live.models import Revocation
from tests.cast import Cast, key_of

OLD = ("old", b"o" * 32)
NEW = ("new", b"n" * 32)
KEYS = 12 + 1  # four people of acme in three environments, one of umbra


@pytest.fixture
def old(settings: Settings, db: None) -> None:
    """Keys are sealed with the old ring."""
    settings.KEY_RING = Ring((OLD,))


def rotated() -> tuple[str, str]:
    """Run the command; return what it said on both streams."""
    out, err = StringIO(), StringIO()
    call_command("keys", "rotate", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def opened(cast: Cast) -> set[str]:
    """Return every key that can be read, through the door that pages use."""
    keys = set()
    for person in (cast.olive, cast.adam, cast.mia, cast.vera):
        key = key_for(cast.membership(person), cast.environment())
        assert key is not None
        keys.add(key.reveal())
    return keys


def test_stopped_midway_and_begun_again_all_open_with_the_new_key_alone(
    old: None, cast: Cast, settings: Settings
) -> None:
    settings.KEY_RING = Ring((NEW, OLD))
    steps = reseal_all()
    assert [next(steps)[0] for _ in range(5)] == [Outcome.SEALED] * 5
    steps.close()  # killed here
    said, _ = rotated()
    assert f"{KEYS - 5} stored keys sealed anew, 5 were already." in said
    settings.KEY_RING = Ring((NEW,))
    assert opened(cast) == {
        key_of(person) for person in (cast.olive, cast.adam, cast.mia, cast.vera)
    }


def test_nobody_who_listens_has_to_come_back_for_it(
    old: None, cast: Cast, settings: Settings
) -> None:
    settings.KEY_RING = Ring((NEW, OLD))
    rotated()
    assert not Revocation.objects.exists()


def test_meanwhile_every_key_opens_whichever_it_is_sealed_with(
    old: None, cast: Cast, settings: Settings
) -> None:
    settings.KEY_RING = Ring((NEW, OLD))
    steps = reseal_all()
    for _ in range(KEYS):
        assert len(opened(cast)) == 4
        next(steps)


def test_a_second_time_there_is_nothing_to_do(old: None, cast: Cast, settings: Settings) -> None:
    settings.KEY_RING = Ring((NEW, OLD))
    rotated()
    before = set(Credential.objects.values_list("sealed", flat=True))
    assert f"0 stored keys sealed anew, {KEYS} were already." in rotated()[0]
    assert set(Credential.objects.values_list("sealed", flat=True)) == before


def test_without_the_old_key_it_names_who_has_to_enter_theirs_anew(
    old: None, cast: Cast, settings: Settings
) -> None:
    settings.KEY_RING = Ring((NEW,))
    err = StringIO()
    with pytest.raises(CommandError, match=f"{KEYS} cannot be opened with any key of the ring"):
        call_command("keys", "rotate", stdout=StringIO(), stderr=err)
    assert "The key of mia@example.test in acme/staging cannot be opened" in err.getvalue()
    response = cast.browser(cast.mia).get("/acme/development/runs/")
    assert response.status_code == 403
    assert "cannot be opened any more. Enter it again." in response.content.decode()


def test_a_key_that_is_made_goes_to_the_front_of_the_ring() -> None:
    out = StringIO()
    call_command("keys", "make", stdout=out)
    made = out.getvalue().strip()
    former = f"old:{base64.b64encode(OLD[1]).decode()}"
    ring = parse_ring(f"{made},{former}", "HOTDASH_KEYS")
    assert ring.first_id == made.partition(":")[0]
    assert len(ring.keys) == 2


def test_nothing_it_says_holds_a_key(old: None, cast: Cast, settings: Settings) -> None:
    settings.KEY_RING = Ring((NEW, OLD))
    words = "".join(rotated())
    assert key_of(cast.mia) not in words
    assert base64.b64encode(NEW[1]).decode() not in words
