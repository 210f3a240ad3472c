"""Builds: uploaded whole or not at all, listed, deployed, downloaded."""

import hashlib
import stat
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from hotdash.localapi.archives import storage
from hotdash.localapi.models import Build, EventHandler, Schedule
from tests.localapi import rows
from tests.localapi.archives import archive, hot_build, manifest, sha256, with_entry, zipped
from tests.localapi.tenants import Tenant
from tests.sockets import wait_for


def upload(tenant: Tenant, content: bytes, project: str = "shop", **fields: str) -> httpx.Response:
    tenant.project(project)
    return tenant.client.post(
        f"/v1/projects/{project}/builds",
        files={"file": ("any-name.zip", content)},
        data={"hash": sha256(content)} | fields,
    )


def reason(answer: httpx.Response) -> str:
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == "bad_request"
    return str(answer.json()["error"]["message"])


def nothing_is_left(tenant: Tenant, data: Path) -> bool:
    # what arrived is deleted when the answer has been sent
    wait_for(lambda: not list((data / "incoming").iterdir()))
    known = {str(build_id) for build_id in Build.objects.values_list("pk", flat=True)}
    strays = [file for file in (data / "builds").glob("*.zip") if file.stem not in known]
    builds = Build.objects.filter(project__environment=tenant.env_id)
    return not strays and not builds.exists()


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


def test_another_hash_is_refused(tenant: Tenant, data: Path) -> None:
    answer = upload(tenant, archive(), hash="0" * 64)

    assert "neither the SHA-256" in reason(answer)
    assert nothing_is_left(tenant, data)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no zip archive"),
        (with_entry("../escaped.py"), "leads elsewhere"),
        (with_entry("link", b"/etc/passwd", stat.S_IFLNK | 0o777), "link or special"),
        (archive(files={"bomb.bin": bytes(20_000_000)}), "more than 1,000 to one"),
        (b"plain text", "no zip archive"),
        (archive()[:-30], "no zip archive"),
        (zipped({"src/a.py": "x = 1"}), "no manifest.hot at its root"),
        (zipped({"deep/manifest.hot": manifest()}), "no manifest.hot at its root"),
        (archive("eval(1)"), "Invalid data-only manifest"),
        (archive("{}"), "hot.bundle.<project>"),
        (archive('{"hot.bundle.shop": []}'), "hot.bundle.<project>"),
        (archive('{"hot.bundle.shop": {}}'), "lacks the text bundle_hash"),
        (archive(manifest(event_handlers=[])), "event_handlers in the manifest is no map"),
        (archive(manifest(event_handlers={"x": [1]})), "no list of maps"),
        (archive(manifest(event_handlers={"x": [{"fn": "odd"}]})), "names no function"),
        (archive(manifest(event_handlers={"x": [{}]})), "lacks the text fn"),
        (
            archive(manifest(event_handlers={"x": [{"fn": "a/b", "meta": {"retry": -1}}]})),
            "whole number from 0 to",
        ),
        (
            archive(manifest(scheduled_functions={"61 * * * *": [{"fn": "a/b"}]})),
            "schedule",
        ),
        (
            archive(manifest(scheduled_functions={"1--100000000 * * * *": [{"fn": "a/b"}]})),
            "schedule",
        ),
        (
            archive(manifest(scheduled_functions={"* * * * *": [{"fn": "a/b"}] * 1001})),
            "more than 1,000 schedules",
        ),
    ],
)
def test_a_build_that_cannot_be_is_refused_with_its_reason(
    tenant: Tenant, data: Path, content: bytes, words: str
) -> None:
    assert words in reason(upload(tenant, content))
    assert nothing_is_left(tenant, data)


def test_a_form_without_a_file_or_hash_names_what_is_missing(tenant: Tenant) -> None:
    tenant.project()
    path = "/v1/projects/shop/builds"

    without_file = tenant.client.post(path, data={"hash": "x"})
    without_hash = tenant.client.post(path, files={"file": ("x.zip", archive())})

    assert reason(without_file) == "Missing required field: file"
    assert reason(without_hash) == "Missing required field: hash"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"x"),
        ("multipart/form-data; boundary=x", b'--x\r\ncontent-disposition: form-data; name="file"'),
        ("application/json", b"{}"),
    ],
)
def test_a_form_that_is_none_is_a_bad_request(tenant: Tenant, kind: str, body: bytes) -> None:
    tenant.project()

    answer = tenant.client.post(
        "/v1/projects/shop/builds", content=body, headers={"Content-Type": kind}
    )

    reason(answer)


def test_a_build_id_that_is_none_is_refused(tenant: Tenant) -> None:
    answer = upload(tenant, archive(), build_id="abc")

    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["message"].startswith("build_id: ")


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


def test_a_build_over_100_mib_is_refused(tenant: Tenant, data: Path) -> None:
    answer = upload(tenant, b"x" * (100 * 1024 * 1024 + 1))

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "bad_request"
    assert nothing_is_left(tenant, data)


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


def test_the_download_is_the_upload(tenant: Tenant) -> None:
    content = archive()
    build_id = upload(tenant, content).json()["data"]["build_id"]

    answer = tenant.client.get(f"/v1/projects/shop/builds/{build_id}/download")

    assert answer.status_code == 200
    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{UUID(build_id).hex}.hot.zip"'
    )


def test_a_lost_archive_cannot_be_downloaded_or_deployed(tenant: Tenant) -> None:
    build_id = upload(tenant, archive()).json()["data"]["build_id"]
    storage.path_of(UUID(build_id)).unlink()
    path = f"/v1/projects/shop/builds/{build_id}"

    assert tenant.client.get(f"{path}/download").status_code == 404
    assert "upload it again" in reason(tenant.client.post(f"{path}/deploy"))


def test_deploying_answers_that_it_waits(tenant: Tenant) -> None:
    older, newer = (upload(tenant, archive()).json()["data"]["build_id"] for _ in range(2))
    builds = "/v1/projects/shop/builds"

    first = tenant.client.post(f"{builds}/{older}/deploy")
    second = tenant.client.post(f"{builds}/{newer}/deploy")

    assert (first.status_code, second.status_code) == (200, 200)
    waiting = second.json()["data"]
    assert (waiting["deployed"], waiting["runtime_status"]) == (False, "pending")
    assert waiting["deployment_sequence"] == 2
    assert tenant.client.get(f"{builds}/{older}").json()["data"]["runtime_status"] == "superseded"


def test_a_build_in_the_hot_language_is_kept_with_what_it_declares(tenant: Tenant) -> None:
    answer = upload(tenant, hot_build())
    assert answer.status_code == 201
    build = Build.objects.get(pk=answer.json()["data"]["build_id"])

    listed = tenant.client.get("/v1/projects/shop/builds").json()["data"]

    assert [one["build_id"] for one in listed] == [str(build.pk)]
    assert [handler.event_type for handler in build.event_handlers.all()] == ["order:placed"]
    assert [entry.cron for entry in build.schedules.all()] == ["7pm every Thursday"]


def test_a_build_in_the_hot_language_is_not_deployed(tenant: Tenant) -> None:
    build_id = upload(tenant, hot_build()).json()["data"]["build_id"]

    refused = tenant.client.post(f"/v1/projects/shop/builds/{build_id}/deploy")

    assert "to run it takes the Hot platform" in reason(refused)
    assert Build.objects.get(pk=build_id).deployment_sequence == 0


def test_the_deployed_build_is_the_one_that_is_ready(tenant: Tenant) -> None:
    project_id = tenant.project()["project_id"]
    deployed = "/v1/projects/shop/builds/deployed"
    assert tenant.client.get(deployed).status_code == 404

    build = rows.build(project_id)
    rows.build(project_id, deployed=False, runtime_status="pending")

    assert tenant.client.get(deployed).json()["data"]["build_id"] == str(build.build_id)


def test_there_is_no_live_build_on_this_server(tenant: Tenant) -> None:
    rows.build(tenant.project()["project_id"])

    assert tenant.client.get("/v1/projects/shop/builds/live").status_code == 404


def test_a_failed_build_says_why(tenant: Tenant) -> None:
    build = rows.build(
        tenant.project()["project_id"],
        deployed=False,
        runtime_status="failed",
        runtime_error="ImportError: no module named nowhere",
    )

    shown = tenant.client.get(f"/v1/projects/shop/builds/{build.build_id}").json()["data"]

    assert shown["runtime_error"] == "ImportError: no module named nowhere"
    assert list(shown).index("runtime_error") == list(shown).index("runtime_status") + 1


def test_lists_put_the_deployed_build_first_then_the_newest(tenant: Tenant) -> None:
    project_id = tenant.project()["project_id"]
    deployed = rows.build(project_id)
    older = rows.build(project_id, deployed=False)
    newer = rows.build(project_id, deployed=False)

    for path in ("/v1/builds", "/v1/projects/shop/builds"):
        listed = tenant.client.get(path).json()["data"]
        assert [row["build_id"] for row in listed] == [
            str(build.build_id) for build in (deployed, newer, older)
        ]


def test_the_environments_list_names_the_project_even_of_an_inactive_one(tenant: Tenant) -> None:
    rows.build(tenant.project()["project_id"])
    tenant.client.post("/v1/projects/shop/deactivate")

    (row,) = tenant.client.get("/v1/builds").json()["data"]

    assert row["project_name"] == "shop"
    assert list(row)[:4] == ["build_id", "project_id", "project_name", "hash"]
    assert "project_name" not in tenant.client.get("/v1/projects/shop/builds").json()["data"][0]


def test_a_build_of_another_project_is_not_found(tenant: Tenant) -> None:
    build_id = upload(tenant, archive()).json()["data"]["build_id"]
    tenant.project("other")

    for method, path in (("GET", ""), ("GET", "/download"), ("POST", "/deploy")):
        answer = tenant.client.request(method, f"/v1/projects/other/builds/{build_id}{path}")
        assert answer.status_code == 404
        assert answer.json()["error"]["message"] == "Build not found"


def test_a_big_upload_is_streamed_to_disk(tenant: Tenant) -> None:
    noise = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(60_000))
    content = archive(files={"resources/noise.bin": noise})

    answer = upload(tenant, content)

    assert answer.status_code == 201
    path = storage.path_of(UUID(answer.json()["data"]["build_id"]))
    with zipfile.ZipFile(path) as kept:
        assert kept.read("resources/noise.bin") == noise
