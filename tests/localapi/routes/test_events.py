"""Events: published, listed, read back as they came."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from hotdash.localapi.models import Event, Run
from tests.localapi import rows
from tests.localapi.tenants import Tenant

JSON = {"Content-Type": "application/json"}


def test_an_event_is_sent_in_the_order_of_the_contract(tenant: Tenant) -> None:
    event = tenant.publish()

    assert list(event) == [
        "event_id",
        "env_id",
        "stream_id",
        "event_type",
        "event_data",
        "event_time",
        "created_at",
        "source",
    ]
    assert UUID(event["event_id"]).version == 7
    assert event["event_data"] == {"id": 7}
    assert event["source"] == "api"
    assert tenant.client.get(f"/v1/events/{event['event_id']}").json()["data"] == event


def test_an_event_starts_one_run_for_each_handler_of_its_type(tenant: Tenant) -> None:
    build = rows.build(tenant.project()["project_id"])
    for var in ("reserve", "notify"):
        rows.handler(build, var=var, retry_max=3)
    rows.handler(build, "order:paid", var="ship")

    event = tenant.publish()

    listed = tenant.client.get(f"/v1/events/{event['event_id']}/runs").json()
    assert listed["pagination"]["total"] == 2
    assert {row["var"] for row in listed["data"]} == {"reserve", "notify"}
    assert {row["status"] for row in listed["data"]} == {"pending"}
    assert {(row["attempt"], row["retry_max"]) for row in listed["data"]} == {(1, 3)}
    assert {row["event_type"] for row in listed["data"]} == {"order:placed"}


@pytest.mark.parametrize(
    "payload",
    [
        "null",
        "5",
        '"text"',
        "[]",
        "{}",
        "1.10",
        "1e400",
        "123456789012345678901234567890",
        '{"z": 1, "a": {"y": [1, 2.50, "\\u2028"]}, "z2": ","}',
        '{"nested": "a \\"quoted\\" } brace", "empty": "", "slash": "\\\\"}',
        '"\\ud83d\\ude00 and \\ud800 alone"',
    ],
)
def test_a_payload_comes_back_digit_by_digit(tenant: Tenant, payload: str) -> None:
    body = f'{{"event_type": "x", "event_data" : {payload} , "other": [1, {{"event_data": 0}}]}}'

    answer = tenant.client.post("/v1/events", content=body.encode(), headers=JSON)

    assert answer.status_code == 201
    event_id = answer.json()["data"]["event_id"]
    assert Event.objects.get(pk=event_id).event_data == payload
    for text in (answer.text, tenant.client.get(f"/v1/events/{event_id}").text):
        assert f'"event_data":{payload},"event_time"' in text


def test_a_payload_on_many_lines_is_kept_on_one(tenant: Tenant) -> None:
    body = b'{"event_type": "x",\r\n "event_data": {\n  "a": "\\n",\r\n  "b": [\n1]\n}\n}'

    answer = tenant.client.post("/v1/events", content=body, headers=JSON)

    assert answer.json()["data"]["event_data"] == {"a": "\n", "b": [1]}
    assert "\n" not in answer.text


def test_the_last_of_two_payloads_counts(tenant: Tenant) -> None:
    body = b'{"event_data": 1, "event_type": "x", "event_data": 2}'

    answer = tenant.client.post("/v1/events", content=body, headers=JSON)

    assert answer.json()["data"]["event_data"] == 2


@pytest.mark.parametrize(
    "body",
    [
        {"event_data": {}},
        {"event_type": "x"},
        {"event_type": 5, "event_data": {}},
        {"event_type": None, "event_data": {}},
        {"event_type": "x" * 1025, "event_data": {}},
        {"event_type": "x", "event_data": {}, "stream_id": "abc"},
        [],
    ],
)
def test_an_event_of_the_wrong_shape_is_unprocessable(tenant: Tenant, body: Any) -> None:
    answer = tenant.client.post("/v1/events", json=body)

    assert answer.status_code == 422
    assert not Event.objects.filter(environment=tenant.env_id).exists()


def test_the_empty_type_is_a_type(tenant: Tenant) -> None:
    assert tenant.publish("")["event_type"] == ""


@pytest.mark.parametrize("event_type", ["hot:", "hot:schedule", "hot:calls", "hot:call:x"])
def test_types_of_the_platform_are_reserved(tenant: Tenant, event_type: str) -> None:
    answer = tenant.client.post("/v1/events", json={"event_type": event_type, "event_data": {}})

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "forbidden"


@pytest.mark.parametrize(
    "call", [None, {}, {"fn": 5}, {"fn": "::shop/nowhere", "args": []}, {"fn": "x", "args": {}}]
)
def test_a_call_of_nothing_is_a_bad_request(tenant: Tenant, call: Any) -> None:
    answer = tenant.client.post("/v1/events", json={"event_type": "hot:call", "event_data": call})

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]
    assert not Run.objects.filter(environment=tenant.env_id).exists()


def test_events_of_one_stream_stay_together(tenant: Tenant) -> None:
    stream_id = str(uuid4())

    events = [tenant.publish(stream_id=stream_id) for _ in range(2)]
    alone = tenant.publish()

    assert {event["stream_id"] for event in events} == {stream_id}
    listed = tenant.client.get("/v1/events", params={"stream_id": stream_id}).json()
    assert [row["event_id"] for row in listed["data"]] == [
        event["event_id"] for event in reversed(events)
    ]
    assert listed["pagination"]["total"] == 2
    assert alone["stream_id"] != stream_id


def test_a_null_stream_is_a_new_one(tenant: Tenant) -> None:
    assert UUID(tenant.publish(stream_id=None)["stream_id"]).version == 7


def test_a_stream_of_another_environment_is_not_found(tenant: Tenant, stranger: Tenant) -> None:
    stream_id = stranger.publish()["stream_id"]

    answer = tenant.client.post(
        "/v1/events", json={"event_type": "x", "event_data": {}, "stream_id": stream_id}
    )

    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Stream not found"
    assert not Event.objects.filter(environment=tenant.env_id).exists()


def test_the_newest_event_comes_first(tenant: Tenant) -> None:
    events = [tenant.publish(f"type:{number}") for number in range(3)]

    listed = tenant.client.get("/v1/events", params={"limit": 2}).json()

    assert [row["event_type"] for row in listed["data"]] == ["type:2", "type:1"]
    assert listed["pagination"] == {"total": len(events), "limit": 2, "offset": 0, "has_more": True}


def test_an_event_tells_who_sent_it(tenant: Tenant) -> None:
    sender = uuid4()
    event = rows.event(tenant.env_id, source="run", origin_run_id=sender)

    shown = tenant.client.get(f"/v1/events/{event.event_id}").json()["data"]

    assert (shown["source"], shown["origin_run_id"]) == ("run", str(sender))


@pytest.mark.parametrize("path", ["/v1/events/{}", "/v1/events/{}/runs"])
def test_an_unknown_event_is_not_found_and_a_bad_id_refused(tenant: Tenant, path: str) -> None:
    unknown, bad = (tenant.client.get(path.format(event_id)) for event_id in (uuid4(), "abc"))

    assert (unknown.status_code, unknown.json()["error"]["message"]) == (404, "Event not found")
    assert (bad.status_code, bad.json()["error"]["code"]) == (400, "bad_request")


def test_a_body_over_32_mib_is_refused(tenant: Tenant) -> None:
    body = {"event_type": "x", "event_data": "x" * (32 * 1024 * 1024)}

    answer = tenant.client.post("/v1/events", json=body)

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "payload_too_large"
