"""Event handlers and schedules: those of the deployed build."""

from uuid import uuid4

import pytest

from tests.localapi import rows
from tests.localapi.tenants import Tenant

PROJECT = "/v1/projects/shop"


@pytest.mark.parametrize("noun", ["event-handlers", "schedules"])
def test_nothing_deployed_is_an_empty_list(tenant: Tenant, noun: str) -> None:
    project_id = tenant.project()["project_id"]
    rows.handler(rows.build(project_id, deployed=False))
    rows.handler(rows.build(project_id, runtime_status="loading"))

    answer = tenant.client.get(f"{PROJECT}/{noun}")

    assert answer.status_code == 200
    assert answer.json()["data"] == []
    assert answer.json()["pagination"]["total"] == 0


def test_handlers_are_listed_by_type_and_name(tenant: Tenant) -> None:
    build = rows.build(tenant.project()["project_id"])
    for event_type, var in (("order:paid", "b"), ("order:paid", "a"), ("a:first", "z")):
        rows.handler(build, event_type, var=var)

    listed = tenant.client.get(f"{PROJECT}/event-handlers").json()["data"]

    assert [(row["event_type"], row["var"]) for row in listed] == [
        ("a:first", "z"),
        ("order:paid", "a"),
        ("order:paid", "b"),
    ]
    assert list(listed[0]) == ["event_handler_id", "build_id", "event_type", "ns", "var"]
    assert listed[0]["build_id"] == str(build.build_id)


def test_schedules_are_listed_by_cron_text_and_name(tenant: Tenant) -> None:
    build = rows.build(tenant.project()["project_id"])
    for cron, var in (("0 3 * * *", "b"), ("* * * * *", "z"), ("0 3 * * *", "a")):
        rows.schedule(build, cron, var=var)

    listed = tenant.client.get(f"{PROJECT}/schedules").json()["data"]

    assert [(row["cron"], row["var"]) for row in listed] == [
        ("* * * * *", "z"),
        ("0 3 * * *", "a"),
        ("0 3 * * *", "b"),
    ]
    assert list(listed[0]) == ["schedule_id", "build_id", "cron", "ns", "var"]


def test_what_is_declared_twice_keeps_its_order(tenant: Tenant) -> None:
    build = rows.build(tenant.project()["project_id"])
    newer, older = sorted([uuid4(), uuid4()], reverse=True)
    for each in (newer, older):
        rows.handler(build, event_handler_id=each)
        rows.schedule(build, schedule_id=each)

    for noun, key in (("event-handlers", "event_handler_id"), ("schedules", "schedule_id")):
        pages = [
            tenant.client.get(f"{PROJECT}/{noun}", params={"limit": 1, "offset": n}).json()["data"]
            for n in range(2)
        ]
        assert [row[key] for page in pages for row in page] == [str(older), str(newer)]


@pytest.mark.parametrize("noun", ["event-handlers", "schedules", "context", "builds"])
def test_an_unknown_project_has_none(tenant: Tenant, noun: str) -> None:
    assert tenant.client.get(f"/v1/projects/nowhere/{noun}").status_code == 404


def test_what_a_build_declares_is_listed_before_it_is_deployed(
    tenant: Tenant, stranger: Tenant
) -> None:
    build = rows.build(tenant.project()["project_id"], deployed=False, runtime_status="pending")
    rows.handler(build)
    rows.schedule(build, "7pm every Thursday")

    handlers = tenant.client.get(f"{PROJECT}/event-handlers?build_id={build.pk}").json()["data"]
    schedules = tenant.client.get(f"{PROJECT}/schedules?build_id={build.pk}").json()["data"]

    assert [row["event_type"] for row in handlers] == ["order:placed"]
    assert [row["cron"] for row in schedules] == ["7pm every Thursday"]
    stranger.project()
    foreign = stranger.client.get(f"{PROJECT}/schedules?build_id={build.pk}")
    assert (foreign.status_code, foreign.json()["data"]) == (200, [])
