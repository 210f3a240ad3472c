"""GET /env, /env/quota, /org/usage and the operator's /envs."""

from datetime import UTC, datetime
from uuid import uuid4

import httpx

from tests.localapi import rows
from tests.localapi.tenants import Operator, Tenant


def test_a_key_learns_its_environment(tenant: Tenant) -> None:
    answer = tenant.client.get("/v1/env")

    assert answer.status_code == 200
    assert answer.json()["data"] == {
        "env_id": str(tenant.env_id),
        "org_id": str(tenant.org_id),
        "name": "development",
        "active": True,
    }


def test_every_success_carries_a_request_id_of_its_own_and_the_time(tenant: Tenant) -> None:
    first, second = (tenant.client.get("/v1/env").json()["meta"] for _ in range(2))

    assert first["request_id"] != second["request_id"]
    assert first["timestamp"].endswith("Z")
    assert datetime.fromisoformat(first["timestamp"]).tzinfo == UTC


def test_both_prefixes_lead_to_the_same_routes(tenant: Tenant) -> None:
    assert (
        tenant.client.get("/api/v1/env").json()["data"]
        == (tenant.client.get("/v1/env").json()["data"])
    )


def test_the_older_generation_reads_its_quota(tenant: Tenant) -> None:
    assert tenant.client.get("/api/v1/env/quota").json()["data"] == {
        "compute_used_percent": 0,
        "storage_used_percent": 0,
        "requests_per_hour": -1,
        "max_concurrent_runs": 16,
    }


def test_usage_counts_the_whole_organization_and_nobody_else(
    tenant: Tenant, stranger: Tenant
) -> None:
    staging = tenant.operator.tenant(tenant.org_id, "staging")
    for owner, count in ((tenant, 1), (staging, 2), (stranger, 4)):
        build = rows.build(owner.project()["project_id"])
        for _ in range(count):
            run = rows.run(build, start_time=datetime.now(UTC))
            rows.call(run, 1, args='{"x": 1}', value="22")

    usage = tenant.client.get("/v1/org/usage").json()["data"]

    assert usage["org_id"] == str(tenant.org_id)
    assert usage["usage"]["runs_this_period"] == 3
    assert usage["usage"]["call_count"] == 3
    assert usage["usage"]["call_storage_bytes"] == 3 * len('{"x": 1}22')
    limits = usage["limits"]
    assert limits.pop("call_retention_days") == 90
    assert limits.pop("compute_units_used") == 0
    assert set(limits.values()) == {-1}
    assert usage["plan"]["name"] == "Self-Hosted"
    assert usage["plan"]["period_start"].endswith("-01T00:00:00Z")


def test_usage_of_last_month_is_over(tenant: Tenant) -> None:
    build = rows.build(tenant.project()["project_id"])
    rows.run(build, start_time=datetime(2020, 1, 31, 23, 59, tzinfo=UTC))

    assert tenant.client.get("/v1/org/usage").json()["data"]["usage"]["runs_this_period"] == 0


def test_asking_twice_for_an_environment_makes_one(operator: Operator) -> None:
    body = {"org_id": str(uuid4()), "name": "production"}

    first, second = (operator.client.post("/v1/envs", json=body) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["data"] == second.json()["data"]


def test_the_operator_lists_the_environments_of_one_organization(operator: Operator) -> None:
    org_id = uuid4()
    for name in ("staging", "development"):
        operator.tenant(org_id, name)

    listed = operator.client.get("/v1/envs", params={"org_id": str(org_id)}).json()

    assert [row["name"] for row in listed["data"]] == ["development", "staging"]
    assert listed["pagination"]["total"] == 2


def test_an_environment_needs_an_organization_and_a_name(operator: Operator) -> None:
    answer = operator.client.post("/v1/envs", json={"org_id": "acme", "name": "production"})

    assert answer.status_code == 422
    assert answer.json()["error"]["message"].startswith("org_id: ")


def test_no_other_key_makes_environments(tenant: Tenant) -> None:
    answer = tenant.client.post("/v1/envs", json={"org_id": str(uuid4()), "name": "mine"})

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "forbidden"


def test_status_answers_anyone_and_names_the_extensions(anyone: httpx.Client) -> None:
    for path in ("/", "/status"):
        answer = anyone.get(path)

        assert answer.status_code == 200
        assert answer.json()["status"] == "ok"
        assert answer.json()["start_time"].endswith("+00:00")
        assert "trace" in answer.json()["extensions"]
