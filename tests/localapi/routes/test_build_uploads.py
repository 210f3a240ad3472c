"""Uploads of builds: kept whole, with what their manifests declare, once."""

import hashlib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hotdash.localapi.archives import storage
from hotdash.localapi.models import Build, EventHandler, Schedule
from tests.localapi.archives import archive, hot_build, sha256
from tests.localapi.builds import reason, upload
from tests.localapi.tenants import Tenant


def test_an_upload_is_kept_and_not_deployed(tenant: Tenant, data: Path) -> None:
    content = archive()

    answer = upload(tenant, content)

    assert answer.status_code == 201
    kept = answer.json()["data"]
    assert list(kept) == [
        "build_id",
        "project_id",
        "hash",
        "size",
        "storage_path",
        "storage_backend",
        "created_at",
    ]
    assert kept["size"] == len(content)
    file = data / kept["storage_path"]
    assert file.read_bytes() == content
    assert file.stat().st_mode & 0o777 == 0o600
    build = tenant.client.get(f"/v1/projects/shop/builds/{kept['build_id']}").json()["data"]
    assert (build["deployed"], build["runtime_status"]) == (False, "pending")
    assert build["deployment_sequence"] == 0
    assert "runtime_error" not in build


def test_an_upload_brings_what_its_manifest_declares(tenant: Tenant) -> None:
    build_id = upload(tenant, archive()).json()["data"]["build_id"]

    handler = EventHandler.objects.get(build_id=build_id)
    schedule = Schedule.objects.get(build_id=build_id)

    assert (handler.event_type, handler.ns, handler.var) == (
        "order:placed",
        "::shop::orders",
        "on-order",
    )
    assert handler.retry_max == 2
    assert (schedule.cron, schedule.var, schedule.next_at) == ("0 3 * * *", "nightly", None)


@pytest.mark.parametrize("claimed", [lambda content: sha256(content), lambda _: "b" * 64])
def test_the_hash_is_the_files_or_the_bundles(tenant: Tenant, claimed: Any) -> None:
    content = archive()

    assert upload(tenant, content, hash=claimed(content)).status_code == 201


def test_uploading_again_under_the_same_id_changes_nothing(tenant: Tenant, data: Path) -> None:
    build_id = str(uuid4())
    first = upload(tenant, archive(), build_id=build_id)
    other = archive(files={"src/other.py": "y = 2"})

    second = upload(tenant, other, build_id=build_id)

    assert first.status_code == 201
    assert "x-build-exists" not in first.headers
    assert second.status_code == 200
    assert second.headers["x-build-exists"] == "true"
    assert second.json()["data"] == first.json()["data"]
    assert (data / "builds" / f"{build_id}.zip").read_bytes() == archive()


def test_a_lost_archive_is_put_back_by_uploading_it_again(tenant: Tenant) -> None:
    content, build_id = archive(), str(uuid4())
    upload(tenant, content, build_id=build_id)
    file = storage.path_of(UUID(build_id))
    file.unlink()

    wrong = upload(tenant, archive(files={"src/other.py": ""}), build_id=build_id)
    right = upload(tenant, content, build_id=build_id)

    assert "neither the SHA-256" in reason(wrong)
    assert right.status_code == 200
    assert right.headers["x-build-exists"] == "false"
    assert file.read_bytes() == content


def test_of_many_uploads_of_one_id_one_is_new(tenant: Tenant, data: Path) -> None:
    build_id, content = str(uuid4()), archive()
    tenant.project()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: upload(tenant, content, build_id=build_id), range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert (data / "builds" / f"{build_id}.zip").read_bytes() == content
    assert EventHandler.objects.filter(build_id=build_id).count() == 1


def test_a_build_id_of_another_project_is_a_conflict(tenant: Tenant, stranger: Tenant) -> None:
    build_id = str(uuid4())
    upload(tenant, archive(), build_id=build_id)

    for uploader, project in ((tenant, "other"), (stranger, "shop")):
        answer = upload(uploader, archive(), project, build_id=build_id)
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "bad_request"


def test_uploading_switches_an_inactive_project_on(tenant: Tenant) -> None:
    project = tenant.project()
    tenant.client.post("/v1/projects/shop/deactivate")

    content = archive()
    answer = tenant.client.post(
        f"/v1/projects/{project['project_id']}/builds",
        files={"file": ("x.zip", content)},
        data={"hash": sha256(content)},
    )

    assert answer.status_code == 201
    assert tenant.client.get("/v1/projects/shop").json()["data"]["active"] is True


def test_a_build_in_the_hot_language_is_kept_with_what_it_declares(tenant: Tenant) -> None:
    answer = upload(tenant, hot_build())
    assert answer.status_code == 201
    build = Build.objects.get(pk=answer.json()["data"]["build_id"])

    listed = tenant.client.get("/v1/projects/shop/builds").json()["data"]

    assert [one["build_id"] for one in listed] == [str(build.pk)]
    assert [handler.event_type for handler in build.event_handlers.all()] == ["order:placed"]
    assert [entry.cron for entry in build.schedules.all()] == ["7pm every Thursday"]


def test_a_big_upload_is_streamed_to_disk(tenant: Tenant) -> None:
    noise = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(60_000))
    content = archive(files={"resources/noise.bin": noise})

    answer = upload(tenant, content)

    assert answer.status_code == 201
    path = storage.path_of(UUID(answer.json()["data"]["build_id"]))
    with zipfile.ZipFile(path) as kept:
        assert kept.read("resources/noise.bin") == noise
