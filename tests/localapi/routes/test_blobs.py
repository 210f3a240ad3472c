"""Large values of payloads: stored beside them, put back where they are read (contract 5.9)."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from hotdash.localapi import contents
from hotdash.localapi.models import Blob, Event
from tests.localapi import rows
from tests.localapi.tenants import Tenant

KIB = 1024
LARGE = "größer " * 10_000  # 80,000 bytes
RAW = bytes(number % 256 for number in range(70_000))
BYTES = {"$type": "::hot::type/Bytes", "$val": list(RAW)}


def published(tenant: Tenant, data: Any) -> tuple[dict[str, Any], Event]:
    """Return what a client was answered, and the row."""
    answer = tenant.publish(event_data=data)
    return answer, Event.objects.get(pk=answer["event_id"])


def references(event: Event) -> list[dict[str, Any]]:
    """Return what stands in the stored payload in place of its large values."""
    found: list[dict[str, Any]] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if value.get("$type") == "::hot::blob/BlobRef":
            found.append(value["$val"])
        return value

    json.loads(event.event_data, object_pairs_hook=note)
    return found


@pytest.mark.parametrize(
    "payload",
    [
        LARGE,
        {"order": 7, "note": LARGE, "lines": [1.50, LARGE, None]},
        {"picture": BYTES},
        [LARGE, BYTES, "small"],
        {"quoted": 'say "so" \\ ' * 10_000, "lines": "a\nb\t\u0001" * 20_000},
    ],
)
def test_a_large_value_is_read_as_it_was_published(tenant: Tenant, payload: Any) -> None:
    answer, event = published(tenant, payload)
    assert answer["event_data"] == payload
    assert references(event)
    assert len(event.event_data) < 4 * KIB
    assert tenant.client.get(f"/v1/events/{event.event_id}").json()["data"]["event_data"] == payload
    (listed,) = tenant.client.get("/v1/events").json()["data"]
    assert listed["event_data"] == payload


def test_so_many_large_values_lie_apart_and_further_ones_in_the_payload(tenant: Tenant) -> None:
    payload = [f"{number:02}" * 33 * KIB for number in range(52)]
    answer, event = published(tenant, payload)
    assert answer["event_data"] == payload
    assert len(references(event)) == 50
    assert json.loads(event.event_data)[50:] == payload[50:]


@pytest.mark.parametrize(
    "payload",
    [
        "x" * (64 * KIB - 1),
        ["x" * 30_000] * 3,
        list(range(40_000)),
        {"x" * (65 * KIB): 1},
        {"$type": "::hot::type/Bytes", "$val": [256] * 70_000},
        ['"' * 20_000, "\\" * 20_000],
    ],
)
def test_what_is_not_one_large_value_stays_where_it_is(tenant: Tenant, payload: Any) -> None:
    answer, event = published(tenant, payload)
    assert answer["event_data"] == payload
    assert "BlobRef" not in event.event_data
    assert not Blob.objects.filter(owner_id=event.event_id).exists()


def test_a_reference_tells_what_it_stands_for(tenant: Tenant) -> None:
    _, event = published(tenant, {"note": LARGE})
    (reference,) = references(event)
    raw = LARGE.encode()
    assert reference == {
        "id": str(Blob.objects.get(owner_id=event.event_id).blob_id),
        "object-id": reference["object-id"],
        "hash-alg": "sha256",
        "hash": hashlib.sha256(raw).hexdigest(),
        "size": len(raw),
        "content-type": "text/plain; charset=utf-8",
        "preview": raw[:256].decode(errors="ignore"),
        "encoding": "string",
    }


def test_the_rest_of_the_payload_is_kept_to_the_letter(tenant: Tenant) -> None:
    body = f'{{"event_type": "a", "event_data": {{"n": 1.000, "big": "{LARGE}", "m": 1e2}}}}'
    answer = tenant.client.post(
        "/v1/events", content=body.encode(), headers={"Content-Type": "application/json"}
    )
    event = Event.objects.get(pk=answer.json()["data"]["event_id"])
    assert event.event_data.startswith('{"n": 1.000, "big": {"$type"')
    assert event.event_data.endswith(', "m": 1e2}')
    assert b'"n": 1.000' in answer.content


def test_one_content_serves_every_payload_in_which_it_stands(tenant: Tenant) -> None:
    first, second = (published(tenant, [LARGE, LARGE])[1] for _ in range(2))
    blobs = Blob.objects.filter(owner_id__in=[first.event_id, second.event_id])
    assert blobs.count() == 4
    assert len({blob.content_id for blob in blobs}) == 1


def test_a_lost_value_is_shown_as_its_reference(tenant: Tenant) -> None:
    _, event = published(tenant, {"note": f"{event_mark()} {LARGE}"})
    (blob,) = Blob.objects.filter(owner_id=event.event_id)
    contents.path_of(blob.content_id).unlink()
    shown = tenant.client.get(f"/v1/events/{event.event_id}").json()["data"]["event_data"]
    assert shown["note"]["$type"] == "::hot::blob/BlobRef"
    assert shown["note"]["$val"]["id"] == str(blob.blob_id)
    assert tenant.client.get(f"/v1/blobs/{blob.blob_id}/download").status_code == 404


def test_a_reference_that_somebody_wrote_reads_nothing(tenant: Tenant, stranger: Tenant) -> None:
    _, foreign = published(stranger, {"note": LARGE})
    _, other = published(tenant, {"note": LARGE})
    for event in (foreign, other):
        forged = json.loads(event.event_data)
        answer, _ = published(tenant, forged)
        assert answer["event_data"] == forged


@pytest.mark.parametrize(
    "rest",
    [
        '"x"},"$val":null}',
        '"x"},"$val":[]}',
        '"x","id":{}}}',
        '"x"},"n":' + "[" * 60 + "]" * 60 + "}",
    ],
)
def test_what_begins_like_a_reference_may_go_on_as_it_likes(tenant: Tenant, rest: str) -> None:
    begun = '{"$type":"::hot::blob/BlobRef","$val":{"id":' + rest
    answer = tenant.client.post(
        "/v1/events",
        content='{"event_type": "begun", "event_data": [' + begun + "]}",
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 201
    assert begun.encode() in answer.content
    assert begun.encode() in tenant.client.get("/v1/events").content


def test_a_blob_is_downloaded_whole_and_in_part(tenant: Tenant) -> None:
    _, event = published(tenant, {"note": LARGE})
    (reference,) = references(event)
    address = f"/v1/blobs/{reference['id']}/download"
    whole = tenant.client.get(address)
    assert whole.content == LARGE.encode()
    assert whole.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert whole.headers["Content-Disposition"] == f'attachment; filename="blob-{reference["id"]}"'
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    part = tenant.client.get(address, headers={"Range": "bytes=3-6"})
    assert (part.status_code, part.content) == (206, LARGE.encode()[3:7])


def test_bytes_are_downloaded_as_bytes(tenant: Tenant) -> None:
    _, event = published(tenant, BYTES)
    (reference,) = references(event)
    got = tenant.client.get(f"/v1/blobs/{reference['id']}/download")
    assert got.content == RAW
    assert got.headers["Content-Type"] == "application/octet-stream"


def test_a_stranger_finds_no_blob(tenant: Tenant, stranger: Tenant) -> None:
    _, event = published(tenant, {"note": LARGE})
    (reference,) = references(event)
    answer = stranger.client.get(f"/v1/blobs/{reference['id']}/download")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Blob not found"


def test_what_was_not_accepted_leaves_nothing(tenant: Tenant, stranger: Tenant, data: Path) -> None:
    before = Blob.objects.count()
    foreign = stranger.publish()["stream_id"]
    body = {"event_type": "a", "event_data": LARGE, "stream_id": foreign}
    assert tenant.client.post("/v1/events", json=body).status_code == 404
    assert Blob.objects.count() == before
    assert not list((data / "incoming").glob("content-*"))


def test_runs_show_their_results_whole(tenant: Tenant) -> None:
    run = rows.run(rows.build(tenant.project()["project_id"]))
    blob = rows.blob(run, LARGE)
    facts = {"$type": "::hot::blob/BlobRef", "$val": {"id": str(blob.blob_id)}}
    run.result = json.dumps({"note": facts, "n": 1}, separators=(",", ":"))
    run.save()
    whole = {"note": LARGE, "n": 1}
    assert tenant.client.get(f"/v1/runs/{run.run_id}").json()["data"]["result"] == whole
    assert tenant.client.get("/v1/runs").json()["data"][0]["result"] == whole
    with tenant.client.stream("GET", f"/v1/runs/{run.run_id}/subscribe") as stream:
        lines = [line for line in stream.iter_lines() if line.startswith("data:")]
    assert json.loads(lines[0][5:])["run"]["result"] == whole


def event_mark() -> str:
    """Return text that no other test stores."""
    return "lost and never found"
