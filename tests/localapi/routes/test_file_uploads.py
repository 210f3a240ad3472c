"""Uploads in parts: in any order, at once, sent again, completed, aborted (contract 5.8)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.utils import timezone

from hotdash.localapi.files import tidying
from hotdash.localapi.models import Upload
from tests.localapi.files import listed, reason
from tests.localapi.tenants import Tenant

MIB = 1024 * 1024
PART = 64 * MIB


def begun(tenant: Tenant, path: str = "big/b.bin", **more: Any) -> str:
    answer = tenant.client.post("/v1/files/uploads", json={"path": path, **more})
    assert answer.status_code == 201, answer.text
    return f"/v1/files/uploads/{answer.json()['data']['upload_id']}"


def sent(tenant: Tenant, upload: str, number: int, content: Any) -> httpx.Response:
    return tenant.client.put(f"{upload}/{number}", content=content)


def completed(tenant: Tenant, upload: str) -> dict[str, Any]:
    answer = tenant.client.post(f"{upload}/complete", json={})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def content_of(tenant: Tenant, file: dict[str, Any]) -> bytes:
    return tenant.client.get(f"/v1/files/{file['file_id']}/download").content


def test_an_upload_begins_with_what_it_expects(tenant: Tenant) -> None:
    body = {"path": "hot://big//b.bin", "expected_size": 3 * PART + 1, "content_type": "text/csv"}
    upload = tenant.client.post("/v1/files/uploads", json=body).json()["data"]

    assert list(upload) == ["upload_id", "path", "part_size", "parts_expected", "expires_at"]
    assert (upload["path"], upload["part_size"], upload["parts_expected"]) == ("big/b.bin", PART, 4)
    expires_at = datetime.fromisoformat(upload["expires_at"])
    assert timedelta(hours=23) < expires_at - datetime.now(UTC) <= timedelta(hours=24)


def test_without_a_size_it_expects_whatever_comes(tenant: Tenant) -> None:
    upload = tenant.client.post("/v1/files/uploads", json={"path": "b.bin"}).json()["data"]
    assert list(upload) == ["upload_id", "path", "part_size", "expires_at"]


def test_a_part_answers_what_arrived(tenant: Tenant) -> None:
    answer = sent(tenant, begun(tenant), 1, b"hello world")

    assert answer.status_code == 200
    assert answer.json()["data"] == {
        "part_number": 1,
        "size": 11,
        "etag": "5eb63bbbe01eeed093cb22bb8f5acdc3",
    }


def test_parts_in_any_order_make_the_file_in_theirs(tenant: Tenant) -> None:
    upload = begun(tenant, "a.txt")
    for number in (10_000, 2, 1, 11):
        assert sent(tenant, upload, number, f"<{number}>".encode()).status_code == 200

    file = completed(tenant, upload)

    assert content_of(tenant, file) == b"<1><2><11><10000>"
    assert (file["path"], file["size"], file["content_type"]) == ("a.txt", 17, "text/plain")


def test_parts_at_once_are_all_kept(tenant: Tenant) -> None:
    upload = begun(tenant)
    parts = {number: bytes([number]) * 300_000 for number in range(1, 25)}

    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda number: sent(tenant, upload, number, parts[number]), parts)

    assert {answer.status_code for answer in answers} == {200}
    assert content_of(tenant, completed(tenant, upload)) == b"".join(parts.values())


def test_a_part_that_is_sent_again_takes_the_place_of_the_former(
    tenant: Tenant, data: Path
) -> None:
    upload = begun(tenant)
    sent(tenant, upload, 1, b"first try, cut off by somebody")
    sent(tenant, upload, 2, b" end")
    sent(tenant, upload, 1, b"second try")

    directory = data / "uploads" / upload.rpartition("/")[2]
    assert sorted(path.name.partition(".")[0] for path in directory.iterdir()) == ["1", "2"]
    assert content_of(tenant, completed(tenant, upload)) == b"second try end"
    assert not directory.exists()


def test_the_same_part_from_two_clients_at_once_is_one_of_both(tenant: Tenant) -> None:
    upload = begun(tenant)
    with ThreadPoolExecutor(8) as threads:
        contents = [bytes([65 + number]) * 200_000 for number in range(8)]
        answers = list(threads.map(lambda each: sent(tenant, upload, 1, each), contents))

    assert {answer.status_code for answer in answers} == {200}
    assert content_of(tenant, completed(tenant, upload)) in contents


def test_an_announced_size_is_held_to(tenant: Tenant) -> None:
    upload = begun(tenant, expected_size=PART + 5)
    first = bytes(PART)
    assert sent(tenant, upload, 2, b"12345").status_code == 200
    incomplete = tenant.client.post(f"{upload}/complete")
    assert reason(incomplete)[:2] == (409, "upload_incomplete")
    assert "1 parts are here, not 2" in reason(incomplete)[2]

    assert sent(tenant, upload, 1, first[:-1]).status_code == 200
    too_few = tenant.client.post(f"{upload}/complete")
    assert reason(too_few)[:2] == (409, "upload_incomplete")

    assert sent(tenant, upload, 1, first).status_code == 200
    file = completed(tenant, upload)
    assert (file["size"], content_of(tenant, file)) == (PART + 5, first + b"12345")


def test_a_completed_upload_replaces_the_file_of_its_path(tenant: Tenant) -> None:
    answer = tenant.client.put("/v1/files/upload/a.txt", content=b"former").json()["data"]
    upload = begun(tenant, "a.txt", content_type="text/x-own")
    sent(tenant, upload, 1, b"latter")

    file = completed(tenant, upload)

    assert file["file_id"] == answer["file_id"]
    assert (file["content_type"], content_of(tenant, file)) == ("text/x-own", b"latter")


def test_an_aborted_upload_leaves_nothing(tenant: Tenant, data: Path) -> None:
    upload = begun(tenant)
    sent(tenant, upload, 1, b"x")

    assert tenant.client.delete(upload).status_code == 204
    assert not (data / "uploads" / upload.rpartition("/")[2]).exists()
    assert listed(tenant) == []


def test_what_is_over_takes_nothing_any_more(tenant: Tenant) -> None:
    aborted, done = begun(tenant), begun(tenant)
    tenant.client.delete(aborted)
    sent(tenant, done, 1, b"x")
    completed(tenant, done)

    for upload, words in ((aborted, "is aborted"), (done, "is completed")):
        for answer in (
            sent(tenant, upload, 1, b"x"),
            tenant.client.post(f"{upload}/complete"),
            tenant.client.delete(upload),
        ):
            status, code, message = reason(answer)
            assert (status, code) == (409, "upload_not_pending")
            assert words in message


def test_two_clients_that_complete_at_once_make_one_file(tenant: Tenant) -> None:
    upload = begun(tenant)
    sent(tenant, upload, 1, bytes(3_000_000))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: tenant.client.post(f"{upload}/complete"), range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert listed(tenant) == ["big/b.bin"]


def test_an_upload_that_waited_too_long_has_expired(tenant: Tenant, data: Path) -> None:
    upload = begun(tenant)
    sent(tenant, upload, 1, b"x")
    upload_id = UUID(upload.rpartition("/")[2])
    row = Upload.objects.filter(pk=upload_id)
    row.update(expires_at=timezone.now() - timedelta(seconds=1))

    for answer in (sent(tenant, upload, 2, b"x"), tenant.client.post(f"{upload}/complete")):
        assert reason(answer)[:2] == (409, "upload_not_pending")
        assert "has expired" in reason(answer)[2]
    tidying.tidy()
    assert row.get().status == "aborted"
    assert not (data / "uploads" / str(upload_id)).exists()

    row.update(expires_at=timezone.now() - timedelta(days=8))
    tidying.tidy()
    assert reason(tenant.client.delete(upload)) == (404, "not_found", "Upload not found")


@pytest.mark.parametrize("part", ["1", "complete", ""])
def test_an_upload_of_another_environment_is_missing(
    tenant: Tenant, stranger: Tenant, part: str
) -> None:
    upload = begun(stranger)
    method = {"1": "PUT", "complete": "POST", "": "DELETE"}[part]

    answer = tenant.client.request(method, f"{upload}/{part}".rstrip("/"), content=b"x")

    assert reason(answer) == (404, "not_found", "Upload not found")
    assert sent(stranger, upload, 1, b"x").status_code == 200
