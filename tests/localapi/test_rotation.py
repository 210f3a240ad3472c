"""Rotation of HOTDASH_API_KEYS: everything sealed anew with the first key, also after a stop."""

import sqlite3
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from uuid import uuid4

import pytest

from hotdash.host.keyring import fresh_ring
from hotdash.localapi.context import rotation, seal
from hotdash.localapi.context.rotation import Outcome
from hotdash.localapi.models import ApiKey, ContextVariable, Environment, Project, ServiceKey
from tests.localapi.server import command, serving, surroundings
from tests.localapi.tenants import Operator

OLD, NEW = fresh_ring(), fresh_ring()
SQLITE = {"HOTDASH_API_DATABASE_URL": ""}  # also where the others are on Postgres


def rotate(data: Path, ring: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("context-rotate"),
        env=surroundings(data, HOTDASH_API_KEYS=ring, **SQLITE),
        capture_output=True,
        text=True,
    )


def sealed_with(data: Path) -> set[str]:
    """The ids of the keys that sealed what the database holds."""
    with sqlite3.connect(data / "api.sqlite3") as database:
        rows = database.execute(
            "SELECT sealed FROM context_variable"
            " UNION ALL SELECT sealed_metadata FROM session"
            " UNION ALL SELECT sealed_metadata FROM service_key"
        ).fetchall()
    assert len(rows) == 4
    return {row[0].partition(b"\0")[0].decode() for row in rows}


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A data directory in which all kinds of sealed values lie, sealed with the old key."""
    with serving(tmp_path, HOTDASH_API_KEYS=OLD, **SQLITE) as origin:
        token = (tmp_path / "operator-key").read_text()
        with Operator(origin, token) as operator:
            tenant = operator.tenant(uuid4())
            tenant.project()
            variable = {"key": "A", "value": "x"}
            given = {"permissions": {}, "metadata": {"a": 1}}
            for path, body in (
                ("/v1/env/context", variable),
                ("/v1/projects/shop/context", variable),
                ("/v1/sessions", given),
                ("/v1/service-keys", given),
            ):
                assert tenant.client.post(path, json=body).status_code == 201
    return tmp_path


def test_after_a_rotation_the_new_key_is_enough(filled: Path) -> None:
    ended = rotate(filled, f"{NEW},{OLD}")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("4 sealed anew, 0 sealed with the first key already, 0 cannot")
    assert sealed_with(filled) == {NEW.partition(":")[0]}
    again = rotate(filled, NEW)
    assert (again.returncode, again.stdout[:15]) == (0, "0 sealed anew, ")
    assert "4 sealed with the first key already" in again.stdout


def test_what_cannot_be_opened_is_named_and_left_as_it_is(filled: Path) -> None:
    ended = rotate(filled, NEW)

    assert ended.returncode == 1
    assert "4 cannot be opened" in ended.stdout
    assert "Context variable A of project shop in environment " in ended.stderr
    assert "Context variable A of all projects in environment " in ended.stderr
    assert ended.stderr.count("The metadata of credential ") == 2
    assert sealed_with(filled) == {OLD.partition(":")[0]}


def test_a_rotation_without_a_ring_says_what_is_missing(filled: Path) -> None:
    ended = rotate(filled, "nonsense")

    assert ended.returncode == 2
    assert "HOTDASH_API_KEYS" in ended.stderr


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The ring of this process, to be set; the former one afterwards."""
    yield monkeypatch
    monkeypatch.undo()
    seal._ring.cache_clear()


def turn(ring: pytest.MonkeyPatch, keys: str) -> None:
    ring.setenv("HOTDASH_API_KEYS", keys)
    seal._ring.cache_clear()


def test_a_rotation_that_was_stopped_goes_on_where_it_stopped(
    stored: None, ring: pytest.MonkeyPatch
) -> None:
    turn(ring, OLD)
    environment = Environment.objects.create(org_id=uuid4(), name="development")
    project = Project.objects.create(environment=environment, name="shop")
    place = (environment.org_id, environment.env_id, project.project_id)
    for key in "abc":
        sealed = seal.seal_value(*place, key, f"value of {key}")
        ContextVariable.objects.create(project=project, key=key, sealed=sealed)
    own = ContextVariable.objects.filter(project=project).order_by("pk")

    turn(ring, f"{NEW},{OLD}")
    others = ContextVariable.objects.exclude(project=project).count()
    list(islice(rotation.reseal_all(), others + 2))
    assert [seal.seals_now(bytes(row.sealed)) for row in own.all()] == [True, True, False]
    outcomes = [what for what, place in rotation.reseal_all() if str(environment.env_id) in place]

    assert outcomes == [Outcome.KEPT, Outcome.KEPT, Outcome.SEALED]
    turn(ring, NEW)
    assert [seal.open_value(*place, row.key, bytes(row.sealed)) for row in own.all()] == [
        "value of a", "value of b", "value of c",
    ]  # fmt: skip


def test_metadata_is_the_same_after_a_rotation(stored: None, ring: pytest.MonkeyPatch) -> None:
    turn(ring, OLD)
    environment = Environment.objects.create(org_id=uuid4(), name="development")
    key = ApiKey.objects.create(environment=environment, name="k", hash=b"", permissions={})
    given = ServiceKey.objects.create(api_key=key, hash=b"", permissions={})
    place = (environment.org_id, environment.env_id, given.pk)
    given.sealed_metadata = seal.seal_metadata(*place, '{"a": 1}')
    given.save()

    turn(ring, f"{NEW},{OLD}")
    list(rotation.reseal_all())
    turn(ring, NEW)

    given.refresh_from_db()
    assert seal.open_metadata(*place, bytes(given.sealed_metadata or b"")) == '{"a": 1}'
