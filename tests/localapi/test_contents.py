"""Contents on disk: kept once, gone when nobody needs them, never in between."""

import hashlib
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from hotdash.localapi import contents
from hotdash.localapi.archives import storage
from hotdash.localapi.files import keeping
from hotdash.localapi.models import Content, Environment, File
from tests.localapi import rows

pytestmark = pytest.mark.usefixtures("stored")
DAY = timedelta(days=1)


@pytest.fixture
def place() -> Iterator[Environment]:
    """An environment whose files are gone after the test."""
    storage.prepare()
    environment = Environment.objects.create(org_id=uuid4(), name="development")
    yield environment
    File.objects.filter(environment=environment).delete()


def put(environment: Environment, path: str, data: bytes) -> File:
    with contents.draft() as draft:
        draft.write(data)
        return keeping.put(keeping.Target(environment.env_id, path), draft)


def named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def collect() -> None:
    """Look at all contents, as a quarter of an hour does."""
    for number in range(16):
        contents.collect(number)


def age(name: str) -> None:
    """Let a content be a day old."""
    Content.objects.filter(pk=name).update(kept_at=timezone.now() - DAY)
    if contents.path_of(name).exists():
        os.utime(contents.path_of(name), (time.time() - 86_400, time.time() - 86_400))


def keep_in_vain(data: bytes) -> None:
    """Keep a content in a transaction that is rolled back, as that of a dying server is."""
    with contents.draft() as draft, transaction.atomic():
        draft.write(data)
        contents.keep(draft)
        raise DatabaseError


def test_a_content_is_there_with_its_row(place: Environment) -> None:
    row = rows.content(b"some bytes")

    assert (row.sha256, row.size) == (named(b"some bytes"), 10)
    assert contents.path_of(row.sha256).read_bytes() == b"some bytes"
    assert contents.path_of(row.sha256).stat().st_mode & 0o777 == 0o600


def test_what_is_not_kept_leaves_nothing(place: Environment, data: Path) -> None:
    before = set((data / "incoming").iterdir())
    with contents.draft() as draft:
        draft.write(b"never kept")
    with pytest.raises(KeyboardInterrupt), contents.draft() as draft:
        raise KeyboardInterrupt

    assert set((data / "incoming").iterdir()) == before
    assert not Content.objects.filter(pk=named(b"never kept")).exists()


def test_a_content_goes_when_nothing_refers_to_it_for_long(place: Environment) -> None:
    file = put(place, "a.txt", b"once needed")
    age(file.content_id)
    collect()
    assert contents.path_of(file.content_id).exists()

    keeping.remove(File.objects.filter(pk=file.pk))
    collect()
    assert contents.path_of(file.content_id).exists(), "somebody may be about to open it"

    age(file.content_id)
    collect()
    assert not contents.path_of(file.content_id).exists()
    assert not Content.objects.filter(pk=file.content_id).exists()


def test_a_former_content_has_its_time_of_grace(place: Environment) -> None:
    former = put(place, "a.txt", b"the former content").content_id
    age(former)

    put(place, "a.txt", b"the next content")
    collect()

    assert contents.path_of(former).exists()
    age(former)
    collect()
    assert not contents.path_of(former).exists()


def test_a_content_that_another_file_holds_stays(place: Environment) -> None:
    first, second = (put(place, path, b"held twice") for path in ("a.txt", "b.txt"))
    keeping.remove(File.objects.filter(pk=first.pk))
    age(second.content_id)

    collect()

    assert contents.path_of(second.content_id).read_bytes() == b"held twice"


def test_a_content_that_is_handed_in_again_is_young(place: Environment) -> None:
    name = rows.content(b"handed in twice").sha256
    age(name)
    rows.content(b"handed in twice")

    collect()

    assert contents.path_of(name).exists()


def test_what_a_dead_server_left_is_swept(place: Environment) -> None:
    data = f"left {uuid4()}".encode()
    name = named(data)
    with pytest.raises(DatabaseError):
        keep_in_vain(data)
    assert contents.path_of(name).exists(), "its row was rolled back, the rename was not"

    contents.sweep(int(name[:2], 16))
    assert contents.path_of(name).exists(), "it may be another server's that is just keeping it"
    age(name)
    contents.sweep(int(name[:2], 16))
    assert not contents.path_of(name).exists()
    assert not Content.objects.filter(pk=name).exists()


def test_a_sweep_takes_nothing_that_has_its_row(place: Environment) -> None:
    file = put(place, "a.txt", f"kept {uuid4()}".encode())
    age(file.content_id)

    contents.sweep(int(file.content_id[:2], 16))

    assert contents.path_of(file.content_id).exists()


def test_what_was_arriving_when_a_server_died_is_cleared(place: Environment, data: Path) -> None:
    old, young = (data / "incoming" / f"content-{uuid4().hex}" for _ in range(2))
    for path in (old, young):
        path.write_bytes(b"half a content")
    os.utime(old, (time.time() - 7_200, time.time() - 7_200))

    storage.clear_abandoned()

    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()
