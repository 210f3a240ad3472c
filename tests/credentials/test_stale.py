"""Minted keys that the embedded API lost are forgotten at a start, and only those."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from hotdash.credentials.models import Credential
from hotdash.credentials.stale import forget_stale_keys
from hotdash.host.ids import new_id
from hotdash.orgs.creation import create_environment
from hotdash.orgs.models import Environment, Kind
from tests import samples
from tests.cast import Cast
from tests.upstream import ORIGIN, FakeUpstream


@pytest.fixture
def local(cast: Cast, settings: Settings, tmp_path: Path) -> Environment:
    """An embedded environment that was in use before this start."""
    settings.DATA_DIR = tmp_path
    settings.EMBEDDED_ORIGIN = ORIGIN
    (tmp_path / "operator-key").write_text("hot_" + "9" * 32 + "_" + "b" * 64)
    cast.acme.may_run_code = True
    cast.acme.save()
    made = create_environment(cast.acme, "local", "local", Kind.DEVELOPMENT, is_embedded=True)
    made.upstream_env_id = new_id()
    made.save()
    return made


def hold_key(cast: Cast, environment: Environment) -> Credential:
    return Credential.objects.create(
        user=cast.mia, environment=environment, sealed=b"k\0x", last4="1234", key_id=new_id()
    )


def test_a_key_that_still_lives_upstream_is_kept(
    cast: Cast, local: Environment, upstream: FakeUpstream
) -> None:
    held = hold_key(cast, local)
    upstream.one("/envs", {"env_id": str(local.upstream_env_id)}, status=201, method="POST")
    upstream.many("/api-keys", [{"key_id": str(held.key_id)}])
    assert forget_stale_keys() == 0
    assert Credential.objects.filter(pk=held.pk).exists()


def test_a_key_that_an_older_database_does_not_know_is_forgotten(
    cast: Cast, local: Environment, upstream: FakeUpstream
) -> None:
    held = hold_key(cast, local)
    upstream.one("/envs", {"env_id": str(local.upstream_env_id)}, status=201, method="POST")
    upstream.many("/api-keys", [{"key_id": str(new_id())}])
    assert forget_stale_keys() == 1
    assert not Credential.objects.filter(pk=held.pk).exists()


def test_an_environment_that_was_lost_is_made_again_and_its_new_id_recorded(
    cast: Cast, local: Environment, upstream: FakeUpstream
) -> None:
    hold_key(cast, local)
    made = samples.environment()
    upstream.one("/envs", made, status=201, method="POST")
    upstream.many("/api-keys", [])
    assert forget_stale_keys() == 1
    local.refresh_from_db()
    assert str(local.upstream_env_id) == made["env_id"]


def test_keys_that_people_brought_themselves_are_not_looked_at(
    cast: Cast, upstream: FakeUpstream
) -> None:
    before = Credential.objects.count()
    assert forget_stale_keys() == 0
    assert Credential.objects.count() == before > 0
    assert not upstream.calls
