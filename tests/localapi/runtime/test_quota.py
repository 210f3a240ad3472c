"""Files that are written at once are held to the quota together."""

from contextlib import ExitStack
from uuid import UUID

import pytest
from django.db import connection, transaction

from hotdash.localapi import contents
from hotdash.localapi.archives import storage
from hotdash.localapi.errors import Refused
from hotdash.localapi.files import keeping
from hotdash.localapi.files.limits import MIB, used_bytes
from hotdash.localapi.models import Environment, File
from tests.localapi.runtime.aside import aside
from tests.localapi.runtime.shop import Shop


@pytest.fixture(autouse=True)
def five_megabytes(stored: None, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.prepare()
    monkeypatch.setenv("HOTDASH_FILES_QUOTA_MB", "5")


def write(environment_id: UUID, path: str, size: int) -> File:
    with contents.draft() as draft:
        draft.write(bytes(size))
        return keeping.put(keeping.Target(environment_id, path), draft)


def test_two_files_for_one_room_are_not_both_kept(shop: Shop) -> None:
    here = shop.environment
    there = Environment.objects.create(org_id=here.org_id, name="staging")
    with ExitStack() as others:
        with transaction.atomic():
            write(here.env_id, "first.bin", 3 * MIB)
            second = others.enter_context(aside(lambda: write(there.env_id, "second.bin", 3 * MIB)))
        with pytest.raises(Refused, match="5 MiB"):
            second.result()
    assert used_bytes(here.org_id) == 3 * MIB


def test_who_publishes_does_not_wait_for_a_file(shop: Shop) -> None:
    with ExitStack() as others:
        with transaction.atomic():
            write(shop.environment.env_id, "first.bin", MIB)
            publishing = others.enter_context(aside(lambda: shop.publish("paid")))
            if connection.vendor == "postgresql":  # SQLite lets one write at a time
                publishing.result(timeout=20)
        assert publishing.result().event_type == "paid"
