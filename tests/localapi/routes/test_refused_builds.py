"""Builds that are refused: in words, and with nothing left behind."""

import stat
from pathlib import Path

import pytest

from hotdash.localapi.models import Build
from tests.localapi.archives import archive, manifest, with_entry, zipped
from tests.localapi.builds import reason, upload
from tests.localapi.tenants import Tenant
from tests.sockets import wait_for


def nothing_is_left(tenant: Tenant, data: Path) -> bool:
    # what arrived is deleted when the answer has been sent
    wait_for(lambda: not list((data / "incoming").iterdir()))
    known = {str(build_id) for build_id in Build.objects.values_list("pk", flat=True)}
    strays = [file for file in (data / "builds").glob("*.zip") if file.stem not in known]
    builds = Build.objects.filter(project__environment=tenant.env_id)
    return not strays and not builds.exists()


def test_another_hash_is_refused(tenant: Tenant, data: Path) -> None:
    answer = upload(tenant, archive(), hash="0" * 64)

    assert "neither the SHA-256" in reason(answer)
    assert nothing_is_left(tenant, data)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no zip archive"),
        (with_entry("../escaped.py"), "leads elsewhere"),
        (with_entry("link", b"/etc/passwd", stat.S_IFLNK | 0o777), "link or special"),
        (archive(files={"bomb.bin": bytes(20_000_000)}), "more than 1,000 to one"),
        (b"plain text", "no zip archive"),
        (archive()[:-30], "no zip archive"),
        (zipped({"src/a.py": "x = 1"}), "no manifest.hot at its root"),
        (zipped({"deep/manifest.hot": manifest()}), "no manifest.hot at its root"),
        (archive("eval(1)"), "Invalid data-only manifest"),
        (archive("{}"), "hot.bundle.<project>"),
        (
            archive(manifest(event_handlers={"x" * 513: [{"fn": "a/b"}]})),
            "longer than 512 characters",
        ),
        (archive('{"hot.bundle.shop": []}'), "hot.bundle.<project>"),
        (archive('{"hot.bundle.shop": {}}'), "lacks the text bundle_hash"),
        (archive(manifest(event_handlers=[])), "event_handlers in the manifest is no map"),
        (archive(manifest(event_handlers={"x": [1]})), "no list of maps"),
        (archive(manifest(event_handlers={"x": [{"fn": "odd"}]})), "names no function"),
        (archive(manifest(event_handlers={"x": [{}]})), "lacks the text fn"),
        *(
            (
                archive(manifest(event_handlers={"x": [{"fn": "a/b", "meta": meta}]})),
                "of a handler must be a whole number from 0 to",
            )
            for meta in (
                *({"retry": retry} for retry in (-1, 101, 1.5, "1", True)),
                {"retry_delay_ms": 24 * 60 * 60 * 1000 + 1},
            )
        ),
        (
            archive(manifest(scheduled_functions={"61 * * * *": [{"fn": "a/b"}]})),
            "schedule",
        ),
        (
            archive(manifest(scheduled_functions={"1--100000000 * * * *": [{"fn": "a/b"}]})),
            "schedule",
        ),
        (
            archive(manifest(scheduled_functions={"* * * * *": [{"fn": "a/b"}] * 1001})),
            "more than 1,000 schedules",
        ),
    ],
)
def test_a_build_that_cannot_be_is_refused_with_its_reason(
    tenant: Tenant, data: Path, content: bytes, words: str
) -> None:
    assert words in reason(upload(tenant, content))
    assert nothing_is_left(tenant, data)


def test_a_form_without_a_file_or_hash_names_what_is_missing(tenant: Tenant) -> None:
    tenant.project()
    path = "/v1/projects/shop/builds"

    without_file = tenant.client.post(path, data={"hash": "x"})
    without_hash = tenant.client.post(path, files={"file": ("x.zip", archive())})

    as_text = tenant.client.post(path, data={"hash": "x"}, files={"file": (None, archive())})

    assert reason(without_file) == "Missing required field: file"
    assert "with a file name" in reason(as_text)
    assert reason(without_hash) == "Missing required field: hash"


def test_a_form_whose_text_is_too_large_is_refused(tenant: Tenant, data: Path) -> None:
    tenant.project()
    form = {"hash": "x" * (33 * 1024 * 1024)}

    answer = tenant.client.post("/v1/projects/shop/builds", data=form, files={"file": b""})

    assert answer.status_code == 413
    assert answer.json()["error"]["message"] == "The body is larger than 32 MiB."
    assert nothing_is_left(tenant, data)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"x"),
        ("multipart/form-data; boundary=x", b'--x\r\ncontent-disposition: form-data; name="file"'),
        ("application/json", b"{}"),
    ],
)
def test_a_form_that_is_none_is_a_bad_request(tenant: Tenant, kind: str, body: bytes) -> None:
    tenant.project()

    answer = tenant.client.post(
        "/v1/projects/shop/builds", content=body, headers={"Content-Type": kind}
    )

    reason(answer)


def test_a_build_id_that_is_none_is_refused(tenant: Tenant) -> None:
    answer = upload(tenant, archive(), build_id="abc")

    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["message"].startswith("build_id: ")


def test_a_build_over_100_mib_is_refused(tenant: Tenant, data: Path) -> None:
    answer = upload(tenant, b"x" * (100 * 1024 * 1024 + 1))

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "bad_request"
    assert nothing_is_left(tenant, data)
