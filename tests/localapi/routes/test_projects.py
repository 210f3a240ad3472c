"""Projects: named, renamed, switched off and on, deleted."""

from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from hotdash.localapi.models import Build, ContextVariable, Schedule
from tests.localapi import rows
from tests.localapi.archives import manifest
from tests.localapi.tenants import Tenant


def names(tenant: Tenant, **query: Any) -> list[str]:
    return [row["name"] for row in tenant.client.get("/v1/projects", params=query).json()["data"]]


def test_a_project_is_sent_in_the_order_of_the_contract(tenant: Tenant) -> None:
    project = tenant.project()

    assert list(project) == [
        "project_id",
        "env_id",
        "name",
        "active",
        "created_at",
        "updated_at",
    ]
    assert UUID(project["project_id"]).version == 7
    assert project["env_id"] == str(tenant.env_id)
    assert project["created_at"].endswith("Z")


@pytest.mark.parametrize(
    "name", ["billing", "", "My Project!", "ünïcode ✓", "a/b", "\U0001f9ea" * 512]
)
def test_any_text_is_a_name(tenant: Tenant, name: str) -> None:
    assert tenant.project(name)["name"] == name


@pytest.mark.parametrize(
    "name",
    ["a/b", "/", "a/builds", "50%", "100%2F", "a?b#c", "a b", "../..", "line\nbreak", "ünï/✓", "+"],
)
def test_a_project_is_found_by_any_name(tenant: Tenant, name: str) -> None:
    project = tenant.project(name)

    for prefix in ("/v1", "/api/v1"):
        url = f"{prefix}/projects/{quote(name, safe='')}"
        assert tenant.client.get(url).json()["data"] == project
        assert tenant.client.get(f"{url}/builds").json()["data"] == []
    missing = tenant.client.get(f"/v1/projects/{quote(name + '!', safe='')}")
    assert missing.json()["error"]["message"] == "Project not found"


def test_a_name_that_only_looks_like_an_id_is_a_name(tenant: Tenant) -> None:
    for name in ("1111_2222_3333_4444_5555_6666_77", "1-" * 32, f"+{'1' * 31}", f"0x{'1' * 30}"):
        project = tenant.project(name)
        assert tenant.client.get(f"/v1/projects/{name}").json()["data"] == project


@pytest.mark.parametrize("form", ["{id}", "{hex}", "{{{id}}}", "urn:uuid:{id}", "{upper}"])
def test_an_id_is_found_in_each_of_its_forms(tenant: Tenant, form: str) -> None:
    project = tenant.project()
    id_ = UUID(project["project_id"])
    written = form.format(id=id_, hex=id_.hex, upper=str(id_).upper())

    assert tenant.client.get(f"/v1/projects/{quote(written)}").json()["data"] == project


def test_a_name_is_refused_that_no_index_and_no_address_holds(tenant: Tenant) -> None:
    answer = tenant.client.post("/v1/projects", json={"name": "x" * 513})

    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "name: is longer than 512 characters"


def test_making_a_project_again_returns_the_first(tenant: Tenant) -> None:
    assert tenant.project() == tenant.project()


def test_making_a_project_again_switches_it_on(tenant: Tenant) -> None:
    tenant.project()
    tenant.client.post("/v1/projects/shop/deactivate")

    assert tenant.project()["active"] is True


def test_a_project_is_found_by_its_name_and_by_its_id_in_every_form(tenant: Tenant) -> None:
    project = tenant.project()
    written = UUID(project["project_id"])

    for address in ("shop", written, written.hex, str(written).upper(), f"urn:uuid:{written}"):
        assert tenant.client.get(f"/v1/projects/{address}").json()["data"] == project


@pytest.mark.parametrize("address", ["nowhere", "SHOP", str(uuid4())])
def test_a_project_that_is_not_there_is_not_found(tenant: Tenant, address: str) -> None:
    tenant.project()

    answer = tenant.client.get(f"/v1/projects/{address}")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
    assert answer.json()["error"]["message"] == "Project not found"


def test_active_projects_come_first_then_the_newest(tenant: Tenant) -> None:
    for name in ("one", "two", "three"):
        tenant.project(name)
    tenant.client.post("/v1/projects/three/deactivate")

    assert names(tenant) == ["two", "one", "three"]


def test_a_project_gets_another_name(tenant: Tenant) -> None:
    project = tenant.project()

    answer = tenant.client.patch("/v1/projects/shop", json={"name": "store"})

    assert answer.status_code == 200
    assert answer.json()["data"]["project_id"] == project["project_id"]
    assert names(tenant) == ["store"]


def test_a_name_that_is_taken_is_a_conflict(tenant: Tenant) -> None:
    tenant.project("shop")
    tenant.project("store")

    answer = tenant.client.patch("/v1/projects/shop", json={"name": "store"})

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "conflict"
    assert sorted(names(tenant)) == ["shop", "store"]


def test_the_same_name_in_two_environments_is_no_conflict(tenant: Tenant, stranger: Tenant) -> None:
    assert tenant.project()["project_id"] != stranger.project()["project_id"]


def test_a_project_is_deleted_with_its_context(tenant: Tenant) -> None:
    project = tenant.project()
    tenant.client.post("/v1/projects/shop/context", json={"key": "A", "value": "1"})

    answer = tenant.client.delete("/v1/projects/shop")

    assert (answer.status_code, answer.content) == (204, b"")
    assert not ContextVariable.objects.filter(project_id=project["project_id"]).exists()


def test_a_project_with_builds_stays(tenant: Tenant) -> None:
    rows.build(tenant.project()["project_id"])

    answer = tenant.client.delete("/v1/projects/shop")

    assert answer.status_code == 409
    assert names(tenant) == ["shop"]


def test_deactivating_undeploys_and_stops_the_clock(tenant: Tenant) -> None:
    project = tenant.project()
    build = rows.build(project["project_id"])
    rows.schedule(build, next_at=rows.NOON)
    asked_for = {"deployed": False, "runtime_status": "loading", "claim_at": rows.NOON}
    waiting = rows.build(project["project_id"], **asked_for)
    uploaded = rows.build(project["project_id"], deployed=False, runtime_status="pending")

    answer = tenant.client.post("/v1/projects/shop/deactivate")

    assert answer.status_code == 200
    assert answer.json()["data"]["project"]["active"] is False
    assert not Build.objects.get(pk=build.pk).deployed
    waiting.refresh_from_db()
    assert (waiting.runtime_status, waiting.claim_at) == ("superseded", None)
    assert waiting.runtime_error == "The project was deactivated."
    assert Build.objects.get(pk=uploaded.pk).runtime_status == "pending"
    assert Schedule.objects.get(build=build).next_at is None


def test_an_inactive_project_is_found_by_name_and_id(tenant: Tenant) -> None:
    project = tenant.project()
    tenant.client.post("/v1/projects/shop/deactivate")

    for address in ("shop", project["project_id"]):
        assert tenant.client.get(f"/v1/projects/{address}").json()["data"]["active"] is False


def test_activating_deploys_the_newest_build_again(tenant: Tenant) -> None:
    project = tenant.project()
    rows.build(project["project_id"])
    newest = rows.build(project["project_id"], deployed=False)
    tenant.client.post("/v1/projects/shop/deactivate")

    answer = tenant.client.post("/v1/projects/shop/activate").json()["data"]

    assert answer["project"]["active"] is True
    assert answer["redeployed_build_id"] == str(newest.build_id)
    assert Build.objects.get(pk=newest.pk).runtime_status == "pending"


def test_activating_does_not_deploy_what_this_server_cannot_run(tenant: Tenant) -> None:
    project = tenant.project()
    build = rows.build(
        project["project_id"],
        deployed=False,
        manifest=manifest(language="hot"),
    )

    answer = tenant.client.post("/v1/projects/shop/activate").json()["data"]

    assert "redeployed_build_id" not in answer
    assert Build.objects.get(pk=build.pk).deployment_sequence == 0


def test_activating_a_project_without_builds_names_none(tenant: Tenant) -> None:
    tenant.project()

    assert "redeployed_build_id" not in tenant.client.post("/v1/projects/shop/activate").json()
