"""GET /openapi.json: what the document says is what the routes send."""

from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from hotdash.localapi.envelopes import Listing, Single
from hotdash.localapi.schemas.builds import BuildShape, EventHandlerShape, ScheduleShape
from hotdash.localapi.schemas.context import ContextShape
from hotdash.localapi.schemas.environments import EnvironmentShape, QuotaShape
from hotdash.localapi.schemas.events import EventShape
from hotdash.localapi.schemas.projects import ProjectShape
from hotdash.localapi.schemas.runs import RunShape, RunStatsShape
from hotdash.localapi.schemas.traces import StreamDataShape, Trace
from hotdash.localapi.schemas.usage import UsageShape
from tests.localapi import rows
from tests.localapi.tenants import Tenant

ANSWERS: dict[str, Any] = {
    "/v1/env": Single[EnvironmentShape],
    "/v1/env/quota": Single[QuotaShape],
    "/v1/org/usage": Single[UsageShape],
    "/v1/projects": Listing[ProjectShape],
    "/v1/projects/shop": Single[ProjectShape],
    "/v1/builds": Listing[BuildShape],
    "/v1/projects/shop/builds/deployed": Single[BuildShape],
    "/v1/projects/shop/event-handlers": Listing[EventHandlerShape],
    "/v1/projects/shop/schedules": Listing[ScheduleShape],
    "/v1/projects/shop/context": Listing[ContextShape],
    "/v1/events": Listing[EventShape],
    "/v1/runs": Listing[RunShape],
    "/v1/runs/stats": Single[RunStatsShape],
    "/v1/runs/{run}/vars": Trace,
    "/v1/runs/{run}/stream-data": Listing[StreamDataShape],
}


@pytest.fixture
def document(anyone: httpx.Client) -> dict[str, Any]:
    answer = anyone.get("/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.mark.parametrize("path", ANSWERS)
def test_a_route_sends_the_shape_that_it_declares(tenant: Tenant, path: str) -> None:
    build = rows.build(tenant.project()["project_id"])
    rows.handler(build)
    rows.schedule(build)
    run = rows.run(build)
    rows.call(run, 1)
    rows.piece(run)
    tenant.client.post("/v1/projects/shop/context", json={"key": "A", "value": "1"})

    answer = tenant.client.get(path.format(run=run.run_id))

    shape: TypeAdapter[Any] = TypeAdapter(ANSWERS[path])
    assert shape.validate_json(answer.content)["data"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/v1/envs"),
        ("get", "/v1/api-keys"),
        ("get", "/v1/runs/{run_id}/vars"),
        ("get", "/v1/runs/{run_id}/stream-data"),
    ],
)
def test_what_the_platform_does_not_offer_is_marked(
    document: dict[str, Any], method: str, path: str
) -> None:
    assert document["paths"][path][method]["x-extension"] is True
    assert "x-extension" not in document["paths"]["/v1/runs"]["get"]


def test_fields_that_the_platform_does_not_send_are_marked(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    def extensions(name: str) -> set[str]:
        return {
            field for field, facts in schemas[name]["properties"].items() if "x-extension" in facts
        }

    assert extensions("RunShape") == {"ns", "var", "event_type", "attempt", "retry_max"}
    assert extensions("EventShape") == {"source", "origin_run_id"}
    assert extensions("RunStatsShape") == {"pending", "pending_retry"}
