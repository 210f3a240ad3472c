"""Downloads: whole, in part, never shown by a browser (contract 5.3, 5.8; threats F1, F3)."""

from typing import Any

import httpx
import pytest

from tests.localapi.archives import archive, sha256
from tests.localapi.tenants import Tenant

CONTENT = bytes(range(256)) * 1_000
SIZE = len(CONTENT)


@pytest.fixture
def path(tenant: Tenant) -> str:
    answer = tenant.client.put("/v1/files/upload/reports/large.csv", content=CONTENT)
    return f"/v1/files/{answer.json()['data']['file_id']}/download"


def asked(tenant: Tenant, path: str, wanted: str, **headers: str) -> httpx.Response:
    return tenant.client.get(path, headers={"Range": wanted, **headers})


def test_the_download_is_the_upload(tenant: Tenant, path: str) -> None:
    answer = tenant.client.get(path)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_browser_never_shows_it(tenant: Tenant) -> None:
    for name in ("a.html", "a.svg", "a.pdf", "a.xhtml"):
        content = b"<script>alert(1)</script>"
        file = tenant.client.put(f"/v1/files/upload/{name}", content=content).json()["data"]
        answer = tenant.client.get(f"/v1/files/{file['file_id']}/download")

        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_image_that_holds_a_script_stays_an_image(tenant: Tenant) -> None:
    content = b"GIF89a/*" + bytes(8) + b"*/=1;<script>alert(1)</script>"
    for name, type_ in (("a.gif", "image/gif"), ("a.html", "text/html"), ("a", None)):
        file = tenant.client.put(f"/v1/files/upload/{name}", content=content).json()["data"]
        answer = tenant.client.get(f"/v1/files/{file['file_id']}/download")

        assert file["content_type"] == type_, "what the bytes look like decides nothing"
        assert answer.headers["Content-Type"] == (type_ or "application/octet-stream")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("dir/a b.txt", 'attachment; filename="a b.txt"'),
        ('a"b.txt', r'attachment; filename="a\"b.txt"'),
        ("ü.txt", "attachment; filename*=utf-8''%C3%BC.txt"),
        ("a;b=c.txt", 'attachment; filename="a;b=c.txt"'),
    ],
)
def test_a_name_cannot_break_out_of_its_header(tenant: Tenant, name: str, disposition: str) -> None:
    file = tenant.client.put(f"/v1/files/upload/{name}", content=b"x").json()["data"]
    answer = tenant.client.get(f"/v1/files/{file['file_id']}/download")

    assert answer.headers["Content-Disposition"] == disposition


def test_a_type_that_a_client_names_is_not_what_a_browser_is_told(tenant: Tenant) -> None:
    body = {"path": "page", "content_type": "application/x-own; charset=utf-8"}
    upload = tenant.client.post("/v1/files/uploads", json=body).json()["data"]
    uploads = f"/v1/files/uploads/{upload['upload_id']}"
    tenant.client.put(f"{uploads}/1", content=b"x")
    file = tenant.client.post(f"{uploads}/complete").json()["data"]

    answer = tenant.client.get(f"/v1/files/{file['file_id']}/download")

    assert file["content_type"] == body["content_type"]
    assert answer.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=0-", 0, SIZE),
        ("bytes=70000-199999", 70_000, 200_000),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes=10-{SIZE * 9}", 10, SIZE),
        ("bytes=-1", SIZE - 1, SIZE),
        (f"bytes=-{SIZE * 9}", 0, SIZE),
        ("BYTES = 5 - 9", 5, 10),
    ],
)
def test_a_range_is_sent_alone(
    tenant: Tenant, path: str, wanted: str, start: int, stop: int
) -> None:
    answer = asked(tenant, path, wanted)

    assert (answer.status_code, answer.content) == (206, CONTENT[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.headers["Content-Length"] == str(stop - start)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="large.csv"'


@pytest.mark.parametrize(
    "wanted",
    ["bytes=9-5", "bytes=-", "bytes", "lines=1-2", "bytes=a-b", "bytes=0-1,5-6", "", "bytes=1-2-3"],
)
def test_what_is_no_single_range_is_answered_with_all(
    tenant: Tenant, path: str, wanted: str
) -> None:
    answer = asked(tenant, path, wanted)
    assert (answer.status_code, answer.content) == (200, CONTENT)


@pytest.mark.parametrize(
    "wanted",
    [f"bytes={SIZE}-", f"bytes={SIZE * 9}-{SIZE * 10}", "bytes=-0", f"bytes={'9' * 30}-"],
)
def test_a_range_behind_the_end_cannot_be_satisfied(tenant: Tenant, path: str, wanted: str) -> None:
    answer = asked(tenant, path, wanted)

    assert answer.status_code == 416
    assert answer.json()["error"]["code"] == "range_not_satisfiable"
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"


def test_who_resumes_an_older_content_gets_the_new_one_whole(tenant: Tenant, path: str) -> None:
    etag = tenant.client.get(path).headers["ETag"]
    assert asked(tenant, path, "bytes=5-9", **{"If-Range": etag}).status_code == 206

    tenant.client.put("/v1/files/upload/reports/large.csv", content=b"another content")

    answer = asked(tenant, path, "bytes=5-9", **{"If-Range": etag})
    assert (answer.status_code, answer.content) == (200, b"another content")


def test_a_head_tells_the_length_and_sends_nothing(tenant: Tenant, path: str) -> None:
    for headers in ({}, {"Range": "bytes=5-9"}):
        answer = tenant.client.head(path, headers=headers)

        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["Content-Length"] == str(SIZE)


def test_a_build_is_sent_in_part_too(tenant: Tenant) -> None:
    tenant.project("shop")
    content = archive()
    form: dict[str, Any] = {
        "files": {"file": ("shop.zip", content)},
        "data": {"hash": sha256(content)},
    }
    made = tenant.client.post("/v1/projects/shop/builds", **form).json()["data"]

    answer = asked(tenant, f"/v1/projects/shop/builds/{made['build_id']}/download", "bytes=2-")

    assert (answer.status_code, answer.content) == (206, content[2:])
    assert answer.headers["Content-Type"] == "application/zip"
