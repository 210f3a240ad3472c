"""Files: uploaded whole, listed by prefix, described, deleted (contract 5.8; threats F3, F7)."""

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hotdash.localapi import contents
from hotdash.localapi.models import File
from tests.localapi.files import listed, put, reason, stored
from tests.localapi.tenants import Tenant
from tests.sockets import wait_for


def test_an_upload_answers_what_it_left(tenant: Tenant) -> None:
    file = stored(tenant, "reports/a.txt")

    assert file | {"file_id": "", "created_at": "", "updated_at": ""} == {
        "file_id": "",
        "path": "reports/a.txt",
        "size": 11,
        "etag": "5eb63bbbe01eeed093cb22bb8f5acdc3",
        "content_type": "text/plain",
        "storage_backend": "local",
        "created_by_run_id": None,
        "updated_by_run_id": None,
        "created_at": "",
        "updated_at": "",
    }
    assert tenant.client.get(f"/v1/files/{file['file_id']}").json()["data"] == file


def test_an_upload_to_the_same_path_keeps_its_id(tenant: Tenant) -> None:
    first = stored(tenant, "reports/a.txt")
    second = stored(tenant, "reports/a.txt", b"hello world 2")

    assert (second["file_id"], second["created_at"]) == (first["file_id"], first["created_at"])
    assert second["updated_at"] > first["updated_at"]
    assert second["etag"] == "5270941191198af2a01db3572f1b47e8"
    assert listed(tenant) == ["reports/a.txt"]


def test_an_empty_body_is_an_empty_file(tenant: Tenant) -> None:
    file = stored(tenant, "empty.bin", b"")

    assert (file["size"], file["etag"]) == (0, "d41d8cd98f00b204e9800998ecf8427e")
    answer = tenant.client.get(f"/v1/files/{file['file_id']}/download")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_body_in_chunks_is_taken_whole(tenant: Tenant) -> None:
    def chunks() -> Iterator[bytes]:
        for number in range(50):
            yield bytes([number]) * 10_000

    answer = put(tenant, "chunks.bin", chunks())

    assert answer.request.headers["Transfer-Encoding"] == "chunked"
    assert answer.json()["data"]["size"] == 500_000
    file_id = answer.json()["data"]["file_id"]
    whole = tenant.client.get(f"/v1/files/{file_id}/download").content
    assert whole == b"".join(chunks())


def test_the_request_s_own_type_is_not_believed(tenant: Tenant) -> None:
    answer = put(tenant, "a.txt", headers={"Content-Type": "text/html"})
    assert answer.json()["data"]["content_type"] == "text/plain"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("a.HTML", "text/html"),
        ("a.hot", "text/x-hot"),
        ("a.tar.gz", "application/gzip"),
        ("a.exe", "application/octet-stream"),
        ("a", None),
        ("a.d/b", None),
        (".profile", None),
    ],
)
def test_the_type_is_told_by_the_path(tenant: Tenant, path: str, content_type: str | None) -> None:
    assert stored(tenant, path)["content_type"] == content_type


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a/b.txt", "a/b.txt"),
        ("hot://a/b.txt", "a/b.txt"),
        ("hot:///a/b.txt", "a/b.txt"),
        ("%2Fa//./b.txt", "a/b.txt"),
        ("a/x/%2e%2e/b.txt", "a/b.txt"),
        ("a/%C3%BC%20%25.txt", "a/ü %.txt"),
        ("a/100%2525.txt", "a/100%25.txt"),
        ("A/B.TXT", "A/B.TXT"),
        ("env/subscribe", "env/subscribe"),
        ("streams/subscribe-with-event", "streams/subscribe-with-event"),
        ("x" * 1024, "x" * 1024),
    ],
)
def test_a_file_has_one_path_however_it_is_written(tenant: Tenant, sent: str, kept: str) -> None:
    assert put(tenant, sent).json()["data"]["path"] == kept


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("%2e%2e/x.txt", "leads out of"),
        ("a/%2e%2e/%2e%2e/x.txt", "leads out of"),
        ("hot://%2e%2e/x.txt", "leads out of"),
        ("hot://", "names no file"),
        ("%2e", "names no file"),
        ("hot://hot://a.txt", "stands once"),
        ("HOT:/a.txt", "stands once"),
        ("a..b/c.txt", "two dots"),
        ("...", "two dots"),
        ("a%00b", "NUL"),
        ("a%09b", "control character"),
        ("a%0Ab", "control character"),
        ("x" * 1025, "longer than 1,024 bytes"),
        ("%C3%BC" * 513, "longer than 1,024 bytes"),
        ("x" * 4000, "longer than 1,024 bytes"),
    ],
)
def test_what_no_path_may_be_is_refused_in_words(tenant: Tenant, path: str, words: str) -> None:
    status, code, message = reason(put(tenant, path))

    assert (status, code) == (400, "bad_request")
    assert words in message
    assert listed(tenant) == []


def test_the_path_is_no_path_on_disk(tenant: Tenant, data: Path) -> None:
    stored(tenant, "a/b/c.txt", b"a content of its own")

    name = hashlib.sha256(b"a content of its own").hexdigest()
    assert (data / "contents" / name[:2] / name).read_bytes() == b"a content of its own"
    assert not list(data.rglob("c.txt"))


def test_the_same_content_is_kept_once(tenant: Tenant, stranger: Tenant, data: Path) -> None:
    for owner in (tenant, stranger):
        for path in ("one.bin", "two.bin"):
            stored(owner, path, b"the same everywhere")

    name = hashlib.sha256(b"the same everywhere").hexdigest()
    assert len(list((data / "contents").rglob(name))) == 1
    assert File.objects.filter(content_id=name).count() == 4


def test_a_deleted_file_is_gone_and_the_next_is_another(tenant: Tenant) -> None:
    first = stored(tenant, "a.txt")
    path = f"/v1/files/{first['file_id']}"

    assert tenant.client.delete(path).status_code == 204
    for answer in (
        tenant.client.get(path),
        tenant.client.get(f"{path}/download"),
        tenant.client.delete(path),
    ):
        assert reason(answer) == (404, "not_found", "File not found")
    assert stored(tenant, "a.txt")["file_id"] != first["file_id"]


def test_uploads_are_no_file(tenant: Tenant) -> None:
    answer = tenant.client.get("/v1/files/uploads")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_an_upload_that_breaks_off_leaves_nothing(tenant: Tenant, api: str, data: Path) -> None:
    host, port = api.removeprefix("http://").split(":")
    token = tenant.client.headers["Authorization"]
    for framing, body in (
        ("Content-Length: 1000000", b"x" * 300_000),
        ("Transfer-Encoding: chunked", b"30000\r\n" + b"x" * 0x30000 + b"\r\n30000\r\nxxx"),
    ):
        head = f"PUT /v1/files/upload/cut.bin HTTP/1.1\r\nHost: {host}\r\n{framing}\r\n"
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(f"{head}Authorization: {token}\r\n\r\n".encode() + body)

    wait_for(lambda: not list((data / "incoming").iterdir()))
    assert listed(tenant) == []


def test_a_file_whose_content_is_lost_says_so(tenant: Tenant) -> None:
    file = stored(tenant, "a.txt", b"to be lost")
    row = File.objects.get(pk=UUID(file["file_id"]))
    contents.path_of(row.content_id).unlink()

    status, code, message = reason(tenant.client.get(f"/v1/files/{file['file_id']}/download"))

    assert (status, code) == (404, "not_found")
    assert "shared directory" in message
    stored(tenant, "b.txt", b"to be lost")
    assert tenant.client.get(f"/v1/files/{file['file_id']}/download").content == b"to be lost"


def test_a_file_of_another_environment_is_missing(tenant: Tenant, stranger: Tenant) -> None:
    file = stored(stranger, "theirs.txt")
    path = f"/v1/files/{file['file_id']}"

    for answer in (
        tenant.client.get(path),
        tenant.client.get(f"{path}/download"),
        tenant.client.delete(path),
    ):
        assert reason(answer) == (404, "not_found", "File not found")
    assert listed(tenant, "theirs") == []
    assert stored(tenant, "theirs.txt")["file_id"] != file["file_id"]
    assert listed(stranger) == ["theirs.txt"]
