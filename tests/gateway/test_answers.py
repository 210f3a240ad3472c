"""What each odd answer becomes; `kit.failures` has the words for it."""

import json
from typing import Any

import httpx
import pytest

from hotdash.gateway.environments import get_environment
from hotdash.gateway.errors import BadAnswer, GatewayError, NoAnswer, Refused, RouteMissing
from hotdash.gateway.runs import get_run
from tests import samples
from tests.upstream import REQUEST_ID, FakeUpstream, gateway

Headers = dict[str, Any]
JSON: Headers = {"content_type": "application/json"}
HTML: Headers = {"content_type": "text/html; charset=utf-8"}
TEXT: Headers = {"content_type": "text/plain; charset=utf-8"}
PAGE = b"<!doctype html><title>Router login</title>"


def failed(upstream: FakeUpstream) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        get_environment(gateway())
    assert len(upstream.calls) == 1
    return caught.value


def test_an_empty_401_is_refused_without_a_code(upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 401)
    error = failed(upstream)
    assert isinstance(error, Refused)
    assert (error.status, error.code, error.message) == (401, "", "")


def test_an_enveloped_401_of_the_older_generation_keeps_its_code(upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 401, "unauthorized", "Invalid API key")
    error = failed(upstream)
    assert isinstance(error, Refused)
    assert (error.code, error.message, error.request_id) == (
        "unauthorized",
        "Invalid API key",
        REQUEST_ID,
    )


def test_a_422_in_text_keeps_its_text(upstream: FakeUpstream) -> None:
    upstream.raw("/env", b"Failed to deserialize: missing field `name`", 422, **TEXT)
    error = failed(upstream)
    assert isinstance(error, Refused)
    assert (error.status, error.message) == (422, "Failed to deserialize: missing field `name`")


def test_a_long_text_is_cut(upstream: FakeUpstream) -> None:
    upstream.raw("/env", b"x" * 100_000, 400, **TEXT)
    error = failed(upstream)
    assert isinstance(error, Refused)
    assert len(error.message) == 500


@pytest.mark.parametrize(
    ("body", "header", "seconds"),
    [
        (b"", "7", 7),
        (b"", "soon", None),
        (b"", "99999999999", None),
        (b'{"error": {"code": "rate_limit_exceeded", "retry_after": 3}}', "", 3),
    ],
)
def test_a_429_says_when_to_come_back(
    upstream: FakeUpstream, body: bytes, header: str, seconds: int | None
) -> None:
    upstream.raw("/env", body, 429, retry_after=header, **JSON)
    error = failed(upstream)
    assert isinstance(error, Refused)
    assert (error.status, error.retry_after) == (429, seconds)


def test_a_429_from_a_proxy_is_still_one(upstream: FakeUpstream) -> None:
    upstream.raw("/env", PAGE, 429, retry_after="2", **HTML)
    error = failed(upstream)
    assert isinstance(error, Refused)
    assert (error.retry_after, error.message) == (2, "")


def test_a_missing_route_is_told_from_a_missing_object(upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 404)
    assert isinstance(failed(upstream), RouteMissing)


def test_a_missing_object_is_told_from_a_missing_route(upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 404, "not_found", "Environment not found")
    assert type(failed(upstream)) is Refused


def test_a_500_keeps_the_request_id(upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 500, "internal_server_error", "An internal server error occurred")
    error = failed(upstream)
    assert isinstance(error, BadAnswer)
    assert (error.reason, error.status, error.request_id) == ("server_error", 500, REQUEST_ID)


@pytest.mark.parametrize("headers", [HTML, TEXT, {}])
def test_a_503_of_a_proxy_never_shows_its_page(upstream: FakeUpstream, headers: Headers) -> None:
    upstream.raw("/env", PAGE, 503, **headers)
    error = failed(upstream)
    assert isinstance(error, BadAnswer)
    assert (error.reason, error.message, error.code) == ("server_error", "", "")


@pytest.mark.parametrize("status", [200, 404, 418])
def test_html_is_no_hot_api(upstream: FakeUpstream, status: int) -> None:
    upstream.raw("/env", PAGE, status, **HTML)
    error = failed(upstream)
    assert isinstance(error, BadAnswer)
    assert (error.reason, error.status, error.message) == ("not_hot", status, "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"data": {"env_id": "01a2',
        b"{'data': {}}",
        b'{"data": ' + b"[" * 100_000,
        b'{"data": {"env_id": ' + b"[" * 600 + b"]" * 600 + b"}}",
        b'{"data": {"env_id": ' + b"7" * 5_000 + b"}}",
        b'{"data": "\xff\xfe"}',
    ],
)
def test_what_is_not_whole_json_is_a_bad_answer(upstream: FakeUpstream, body: bytes) -> None:
    upstream.raw("/env", body, **JSON)
    error = failed(upstream)
    assert isinstance(error, BadAnswer)
    assert error.reason == "not_json"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"{}", b'{"data": []}', b'{"data": null}'])
def test_json_without_the_envelope_is_a_bad_answer(upstream: FakeUpstream, body: bytes) -> None:
    upstream.raw("/env", body, **JSON)
    error = failed(upstream)
    assert isinstance(error, BadAnswer)
    assert error.reason == "shape"


def test_a_redirect_is_not_followed_but_told(upstream: FakeUpstream) -> None:
    upstream.raw("/env", b"", 302, location="http://169.254.169.254/latest/")
    error = failed(upstream)
    assert isinstance(error, BadAnswer)
    assert (error.reason, error.location) == ("redirect", "http://169.254.169.254/latest/")


def test_a_compressed_answer_is_not_unpacked(upstream: FakeUpstream) -> None:
    upstream.raw("/env", b"\x1f\x8b" + b"0" * 100, content_encoding="gzip", **JSON)
    error = failed(upstream)
    assert isinstance(error, BadAnswer)
    assert error.reason == "encoding"
    assert upstream.calls[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx.ConnectTimeout(""), "timeout"),
        (httpx.ReadTimeout(""), "timeout"),
        (httpx.PoolTimeout(""), "busy"),
        (httpx.ConnectError("no route to host"), "unreachable"),
        (httpx.ReadError(""), "unreachable"),
        (httpx.RemoteProtocolError("Server disconnected without sending"), "unreachable"),
    ],
)
def test_no_answer_says_how(upstream: FakeUpstream, raised: Exception, kind: str) -> None:
    upstream.fail("/env", raised)
    error = failed(upstream)
    assert isinstance(error, NoAnswer)
    assert error.kind == kind


def test_numbers_that_json_does_not_have_are_shown_as_text(upstream: FakeUpstream) -> None:
    wire = json.dumps({"data": samples.run(result=[float("nan"), float("inf")])})
    upstream.raw(f"/runs/{samples.BUILD_ID}", wire.encode(), **JSON)
    run = get_run(gateway(), samples.BUILD_ID)
    assert run.result is not None
    assert run.result.value == ["NaN", "Infinity"]


def test_half_a_character_can_still_be_shown(upstream: FakeUpstream) -> None:
    wire = json.dumps({"data": samples.run(result={"a\ud800": ["\udc00", "\U0001f600"]})})
    upstream.raw(f"/runs/{samples.BUILD_ID}", wire.encode(), **JSON)
    run = get_run(gateway(), samples.BUILD_ID)
    assert run.result is not None
    assert run.result.value == {"a\ufffd": ["\ufffd", "\U0001f600"]}
    json.dumps(run.result.value, ensure_ascii=False).encode()
