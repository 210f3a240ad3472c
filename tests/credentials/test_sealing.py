"""A stored key opens for its person, at its place, with its ring, and nowhere else."""

import base64
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from hotdash.credentials.keys import key_for
from hotdash.credentials.models import Credential
from hotdash.credentials.sealing import Unreadable, open_key
from hotdash.host.keyring import parse_ring
from tests.cast import Cast, key_of
from tests.reading import said
from tests.upstream import FakeUpstream

OTHER = UUID("018f0000-0000-7000-8000-000000000000")


def ring(*names: str) -> Any:
    parts = (f"{name}:{base64.b64encode(name.encode().ljust(32, b'.')).decode()}" for name in names)
    return parse_ring(",".join(parts), "HOTDASH_KEYS")


def credential_of(cast: Cast, slug: str = "development") -> Credential:
    return Credential.objects.get(user=cast.mia, environment=cast.environment(slug))


def test_a_key_opens_where_it_was_sealed(cast: Cast) -> None:
    key = key_for(cast.membership(cast.mia), cast.environment())
    assert key is not None
    assert key.reveal() == key_of(cast.mia)


@pytest.mark.parametrize("change", ["person", "environment", "origin", "upstream", "key"])
def test_it_opens_for_nothing_else(cast: Cast, change: str) -> None:
    credential, environment = credential_of(cast), cast.environment()
    person, key_id = cast.mia.pk, None
    if change == "person":
        person = cast.adam.pk
    elif change == "environment":
        environment = cast.environment("staging")
    elif change == "origin":
        environment.base_url = "https://elsewhere.test"
    elif change == "upstream":
        environment.upstream_env_id = OTHER
    else:
        key_id = OTHER
    with pytest.raises(Unreadable, match="cannot be opened any more"):
        open_key(credential.sealed, person, environment, key_id)


def test_every_changed_byte_is_noticed(cast: Cast) -> None:
    sealed = bytes(credential_of(cast).sealed)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Unreadable):
            open_key(bytes(changed), cast.mia.pk, cast.environment(), None)


def test_swapped_rows_are_a_sentence_on_the_page_and_no_call(
    cast: Cast, upstream: FakeUpstream
) -> None:
    mine, adams = (
        credential_of(cast),
        Credential.objects.get(user=cast.adam, environment=cast.environment()),
    )
    mine.sealed, adams.sealed = adams.sealed, mine.sealed
    mine.save()
    adams.save()
    for person in (cast.mia, cast.adam):
        response = cast.browser(person).get("/acme/development/runs/")
        assert response.status_code == 403
        assert "cannot be opened any more. Enter it again." in said(response)
    assert upstream.calls == []


def test_a_ring_that_lost_its_key_is_a_sentence(cast: Cast, settings: Settings) -> None:
    settings.KEY_RING = ring("another")
    with pytest.raises(Unreadable, match="Enter it again"):
        key_for(cast.membership(cast.mia), cast.environment())


def test_the_first_key_seals_and_every_key_opens(cast: Cast, settings: Settings) -> None:
    from hotdash.credentials.sealing import seal_key
    from hotdash.gateway.secret import Secret

    environment = cast.environment()
    settings.KEY_RING = ring("old")
    sealed = seal_key(Secret("hot_secret"), cast.mia.pk, environment, None)
    settings.KEY_RING = ring("new", "old")
    assert open_key(sealed, cast.mia.pk, environment, None).reveal() == "hot_secret"
    settings.KEY_RING = ring("new")
    with pytest.raises(Unreadable):
        open_key(sealed, cast.mia.pk, environment, None)


def test_two_seals_of_one_key_differ(cast: Cast) -> None:
    rows = Credential.objects.filter(user=cast.mia).values_list("sealed", flat=True)
    nonces = {bytes(row).partition(b"\0")[2][:12] for row in rows}
    assert len(nonces) == 3


def test_the_database_does_not_hold_the_key(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM credential")
        assert key_of(cast.mia) not in repr(cursor.fetchall())
