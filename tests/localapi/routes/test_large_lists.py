"""Lists of large payloads: the same to a client, and never whole in memory."""

import tracemalloc
from uuid import UUID

from hotdash.localapi.envelopes import Page
from hotdash.localapi.models import Run
from hotdash.localapi.payloads import RESULT, payload_listing
from hotdash.localapi.schemas.runs import run_shape
from tests.localapi import rows
from tests.localapi.tenants import Tenant

MIB = 1024 * 1024


def large_runs(tenant: Tenant, count: int, size: int) -> list[Run]:
    """Return runs whose results are many small values: nothing of it is a blob."""
    build = rows.build(tenant.project()["project_id"])
    result = f"[{','.join(['1234567'] * (size // 8))}]"
    return [rows.run(build, result=result, result_bytes=len(result)) for _ in range(count)]


def test_a_list_of_large_results_is_sent_as_any_other(tenant: Tenant) -> None:
    runs = large_runs(tenant, 3, 2 * MIB)
    rows.run(Run.objects.get(pk=runs[0].pk).build, "failed")
    small = tenant.client.get("/v1/runs", params={"limit": 1}).json()
    answer = tenant.client.get("/v1/runs")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json().keys() == small.keys()
    assert answer.json()["pagination"] == {"total": 4, "limit": 20, "offset": 0, "has_more": False}
    first, *large = answer.json()["data"]
    assert first == small["data"][0]
    assert [UUID(run["run_id"]) for run in large] == [run.run_id for run in reversed(runs)]
    assert all(run["result"] == [1234567] * (2 * MIB // 8) for run in large)
    assert large[0].keys() == tenant.client.get(f"/v1/runs/{runs[0].pk}").json()["data"].keys()


def test_a_list_of_large_results_is_never_whole_in_memory(tenant: Tenant) -> None:
    large_runs(tenant, 20, 4 * MIB)
    asked = Run.objects.filter(environment_id=tenant.env_id).select_related("project")
    tracemalloc.start()
    try:
        response = payload_listing(asked.order_by("-run_id"), Page(), 20, run_shape, RESULT)
        assert response.streaming
        sent = sum(len(part) for part in response)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent > 80 * MIB
    assert peak < 24 * MIB


def test_a_run_that_is_deleted_while_the_list_is_sent_is_left_out(tenant: Tenant) -> None:
    runs = large_runs(tenant, 3, 2 * MIB)
    asked = Run.objects.filter(environment_id=tenant.env_id).select_related("project")
    response = payload_listing(asked.order_by("-run_id"), Page(), 3, run_shape, RESULT)
    runs[1].delete()
    body = b"".join(response).decode()
    assert str(runs[0].pk) in body
    assert str(runs[1].pk) not in body


def test_a_replay_leaves_out_what_is_too_much(tenant: Tenant) -> None:
    first, *others = large_runs(tenant, 6, 8 * MIB)
    Run.objects.filter(pk__in=[run.pk for run in others]).update(stream=first.stream_id)
    address = f"/v1/streams/{first.stream_id}/subscribe"
    sizes: list[int] = []
    with tenant.client.stream("GET", address) as stream:
        kind = ""
        for line in stream.iter_lines():
            kind = line if line.startswith("event:") else kind
            if line.startswith("data:") and kind == "event: run:stop":
                sizes.append(len(line))
            if len(sizes) == 6:
                break
    assert [size > MIB for size in sizes] == [True, True, True, False, False, False]
