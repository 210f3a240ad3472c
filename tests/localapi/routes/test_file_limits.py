"""How much may be uploaded: one part, one file, all files of an organization (contract 5.8)."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.localapi.files import announced, listed, put, reason
from tests.localapi.server import serving
from tests.localapi.tenants import Operator, Tenant

MIB = 1024 * 1024
PART = 64 * MIB


def begun(tenant: Tenant, **more: Any) -> str:
    answer = tenant.client.post("/v1/files/uploads", json={"path": "b.bin"} | more)
    return f"/v1/files/uploads/{answer.json()['data']['upload_id']}"


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """A server with room for files of 2 MiB, 5 MiB in all."""
    data = tmp_path_factory.mktemp("narrow")
    limits = {"HOTDASH_FILE_MAX_MB": "2", "HOTDASH_FILES_QUOTA_MB": "5"}
    with (
        serving(data, **limits, HOTDASH_API_DATABASE_URL="") as origin,
        Operator(origin, (data / "operator-key").read_text()) as operator,
    ):
        yield operator


@pytest.mark.parametrize("number", ["0", "-1", "10001", "9" * 30, "1.0", "1_0"])
def test_parts_are_numbered_from_one_to_ten_thousand(tenant: Tenant, number: str) -> None:
    answer = tenant.client.put(f"{begun(tenant)}/{number}", content=b"x")
    assert reason(answer)[:2] == (400, "bad_request")


def test_a_number_that_is_none_is_a_bad_request(tenant: Tenant) -> None:
    answer = tenant.client.put(f"{begun(tenant)}/one", content=b"x")
    assert reason(answer)[:2] == (400, "bad_request")


def test_limits_are_looked_at_in_their_order(tenant: Tenant) -> None:
    unknown = f"/v1/files/uploads/{uuid4()}"
    over = begun(tenant, expected_size=PART + 1)
    tenant.client.delete(over)
    upload = begun(tenant, expected_size=2 * PART)

    def refused(place: str, size: int) -> tuple[int, str]:
        return announced(tenant, place, size)

    assert refused(f"{unknown}/0", 300 * MIB) == (400, "bad_request")
    assert refused(f"{unknown}/1", 256 * MIB + 1) == (413, "part_too_large")
    assert refused(f"{unknown}/1", 256 * MIB) == (404, "not_found")
    assert refused(f"{over}/1", 5 * MIB - 1) == (400, "part_too_small")
    assert refused(f"{over}/1", 5 * MIB) == (409, "upload_not_pending")
    assert refused(f"{upload}/3", PART + 1) == (400, "bad_request")
    assert refused(f"{upload}/1", PART + 1) == (413, "part_too_large")


def test_a_part_in_chunks_is_held_to_the_same_limits(tenant: Tenant) -> None:
    upload = begun(tenant, expected_size=2 * PART)

    small = tenant.client.put(f"{upload}/1", content=iter([b"x"]))
    large = tenant.client.put(f"{upload}/1", content=(bytes(MIB) for _ in range(65)))

    assert reason(small)[:2] == (400, "part_too_small")
    assert reason(large)[:2] == (413, "part_too_large")


def test_parts_are_no_more_than_what_was_announced(tenant: Tenant) -> None:
    upload = begun(tenant, expected_size=6 * MIB)

    answer = tenant.client.put(f"{upload}/1", content=bytes(6 * MIB + 1))

    assert reason(answer)[:2] == (413, "payload_too_large")
    assert tenant.client.put(f"{upload}/1", content=bytes(6 * MIB)).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"path": "a", "expected_size": 0}, 400),
        ({"path": "a", "expected_size": -5}, 400),
        ({"path": "a", "expected_size": "7"}, 422),
        ({"path": "a", "expected_size": 2**70}, 422),
        ({"path": "../a"}, 400),
        ({"path": "a\nb"}, 400),
        ({"path": "\ud800"}, 422),
        ({"path": "a\0"}, 422),
        ({"path": ""}, 400),
        ({"path": 7}, 422),
        ({}, 422),
        ({"path": "a", "content_type": "nonsense"}, 400),
        ({"path": "a", "content_type": "text/html\r\nX: y"}, 400),
        ({"path": "a", "expected_size": 6 * 1024 * MIB}, 413),
    ],
)
def test_what_cannot_be_uploaded_is_not_begun(
    tenant: Tenant, body: dict[str, Any], status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    content = json.dumps(body)
    answer = tenant.client.post("/v1/files/uploads", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]


def test_sixteen_uploads_may_wait_in_an_environment(tenant: Tenant, stranger: Tenant) -> None:
    uploads = [begun(tenant) for _ in range(16)]
    body = {"path": "one-more.bin"}

    answer = tenant.client.post("/v1/files/uploads", json=body)
    assert reason(answer)[:2] == (409, "upload_limit_exceeded")
    assert stranger.client.post("/v1/files/uploads", json=body).status_code == 201
    tenant.client.delete(uploads[0])
    assert tenant.client.post("/v1/files/uploads", json=body).status_code == 201


def test_a_file_may_be_so_large_and_no_larger(narrow: Operator) -> None:
    tenant = narrow.tenant(uuid4())

    assert put(tenant, "fits.bin", bytes(2 * MIB)).status_code == 200
    for content in (bytes(2 * MIB + 1), (bytes(MIB) for _ in range(3))):
        status, code, message = reason(put(tenant, "large.bin", content))
        assert (status, code) == (413, "payload_too_large")
        assert "2 MiB" in message
    body = {"path": "large.bin", "expected_size": 2 * MIB + 1}
    assert reason(tenant.client.post("/v1/files/uploads", json=body))[:2] == (
        413,
        "payload_too_large",
    )
    assert listed(tenant) == ["fits.bin"]


def test_an_organization_keeps_no_more_than_its_quota(narrow: Operator) -> None:
    org_id = uuid4()
    one, other = narrow.tenant(org_id, "one"), narrow.tenant(org_id, "other")
    assert put(one, "a.bin", bytes(2 * MIB)).status_code == 200
    assert put(other, "b.bin", bytes(2 * MIB)).status_code == 200
    upload = begun(one)
    one.client.put(f"{upload}/1", content=bytes(MIB + 1))

    refused = (
        put(one, "c.bin", bytes(MIB + 1)),
        one.client.post("/v1/files/uploads", json={"path": "c", "expected_size": MIB + 1}),
        one.client.post(f"{upload}/complete"),
    )
    for answer in refused:
        status, code, message = reason(answer)
        assert (status, code) == (413, "storage_quota_exceeded")
        assert "5 MiB" in message
    assert put(one, "c.bin", bytes(MIB)).status_code == 200
    assert put(narrow.tenant(uuid4()), "c.bin", bytes(2 * MIB)).status_code == 200


def test_a_file_in_the_place_of_another_counts_for_what_it_is_more(narrow: Operator) -> None:
    tenant = narrow.tenant(uuid4())
    for name, size in (("a.bin", 2 * MIB), ("b.bin", 2 * MIB), ("c.bin", MIB)):
        assert put(tenant, name, bytes(size)).status_code == 200

    assert put(tenant, "a.bin", b"x" * 2 * MIB).status_code == 200
    upload = begun(tenant, path="a.bin", expected_size=2 * MIB)
    tenant.client.put(f"{upload}/1", content=bytes(2 * MIB)).raise_for_status()
    assert tenant.client.post(f"{upload}/complete").status_code == 200
    assert reason(put(tenant, "c.bin", bytes(MIB + 1)))[:2] == (413, "storage_quota_exceeded")
    assert reason(put(tenant, "d.bin", b"x"))[:2] == (413, "storage_quota_exceeded")


def test_the_older_generations_quota_tells_how_much_is_taken(narrow: Operator) -> None:
    tenant = narrow.tenant(uuid4())
    tenant.client.put("/v1/files/upload/a.bin", content=bytes(MIB))

    for prefix in ("/v1", "/api/v1"):
        quota = tenant.client.get(f"{prefix}/env/quota").json()["data"]
        assert quota["storage_used_percent"] == 20


def test_usage_tells_the_quota_and_warns_of_its_end(narrow: Operator) -> None:
    tenant = narrow.tenant(uuid4())

    for name, percent, warns in (("a", 40.0, False), ("b", 80.0, False), ("c", 96.0, True)):
        assert put(tenant, f"{name}.bin", bytes((4 if warns else 10) * MIB // 5)).status_code == 200
        usage = tenant.client.get("/v1/org/usage").json()["data"]
        assert usage["limits"]["storage_bytes"] == 5 * MIB
        assert usage["usage_percent"]["file_storage"] == percent
        assert usage["usage_percent"]["has_warning"] is warns
