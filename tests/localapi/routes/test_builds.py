"""Builds: listed, shown, deployed, downloaded."""

from uuid import UUID

from hotdash.localapi.archives import storage
from hotdash.localapi.models import Build
from tests.localapi import rows
from tests.localapi.archives import archive, hot_build
from tests.localapi.builds import reason, upload
from tests.localapi.tenants import Tenant


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
    superseded = tenant.client.get(f"{builds}/{older}").json()["data"]
    assert superseded["runtime_status"] == "superseded"
    assert superseded["runtime_error"] == "A newer deployment took its place."


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
