"""The operator key: in a file of its own, made once, known to the database."""

import subprocess
from pathlib import Path

import httpx

from hotdash.localapi.credentials import operator_key
from hotdash.localapi.credentials.auth import hash_of
from hotdash.localapi.models import ApiKey
from tests.localapi.server import command, serving, surroundings


def migrate(data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("migrate"), env=surroundings(data, **more), capture_output=True, text=True
    )


def envs(origin: str, token: str) -> int:
    return httpx.get(
        f"{origin}/v1/envs", headers={"Authorization": f"Bearer {token}"}, trust_env=False
    ).status_code


def test_the_first_start_writes_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    assert migrate(tmp_path).returncode == 0

    assert (tmp_path / "operator-key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "api.sqlite3").stat().st_mode & 0o777 == 0o600


def test_starting_again_keeps_the_key(tmp_path: Path) -> None:
    migrate(tmp_path)
    first = (tmp_path / "operator-key").read_text()

    migrate(tmp_path)

    assert (tmp_path / "operator-key").read_text() == first


def test_a_new_database_learns_the_key_that_is_there(tmp_path: Path) -> None:
    migrate(tmp_path)
    token = (tmp_path / "operator-key").read_text()
    for file in tmp_path.glob("api.sqlite3*"):
        file.unlink()

    with serving(tmp_path) as origin:
        assert envs(origin, token) == 200


def test_a_lost_file_is_made_anew_and_the_old_key_is_dead(tmp_path: Path) -> None:
    migrate(tmp_path)
    lost = (tmp_path / "operator-key").read_text()
    (tmp_path / "operator-key").unlink()

    with serving(tmp_path) as origin:
        assert envs(origin, lost) == 401
        assert envs(origin, (tmp_path / "operator-key").read_text()) == 200


def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "operator-key").write_text("hot_but_not_quite")

    ended = migrate(tmp_path)

    assert ended.returncode == 2
    assert ended.stderr == (
        f"{tmp_path}/operator-key holds no key. Delete it: the next start makes another.\n"
    )


def test_the_database_holds_the_hash_alone(stored: None) -> None:
    secret = operator_key.ensure().read_text().rpartition("_")[2]

    (row,) = ApiKey.objects.filter(environment=None, revoked_at=None)

    assert bytes(row.hash) == hash_of(secret)
