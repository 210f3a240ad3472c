"""What is looked at before any route: Host, Origin, method, length."""

import socket
from contextlib import ExitStack

import httpx
import pytest

from tests.localapi.tenants import Tenant


def raw(origin: str, head: str, body: bytes = b"") -> tuple[int, bytes]:
    """Send these very bytes; return status and answer."""
    host, port = origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return int(answer.split(b" ", 2)[1]), answer


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:4681", "127.0.0.1", "10.1.2.3:80", "[::1]", "[::1]:4681", "[fe80::1]"],
)
def test_names_of_this_machine_and_addresses_are_answered(tenant: Tenant, host: str) -> None:
    assert tenant.client.get("/v1/env", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.test", "evil.test:4681", "localhost.evil.test", "127.0.0.1.evil.test", "", "a@b", "[x]"],
)
@pytest.mark.parametrize("path", ["/v1/env", "/status", "/v1/env/subscribe"])
def test_a_page_that_rebinds_its_name_to_this_port_gets_nothing(
    tenant: Tenant, host: str, path: str
) -> None:
    answer = tenant.client.get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "HOTDASH_API_HOST" in answer.json()["error"]["message"]


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "http://127.0.0.1:4680"])
def test_pages_of_other_sites_are_not_answered(tenant: Tenant, origin: str) -> None:
    answer = tenant.client.get("/v1/env", headers={"Origin": origin})

    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_preflight_opens_nothing(anyone: httpx.Client) -> None:
    answer = anyone.options(
        "/v1/events",
        headers={"Origin": "http://evil.test", "Access-Control-Request-Method": "POST"},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/v1/nope", "/v1", "/v1/", "/v1/projects/", "/nope", "/V1/env"])
def test_an_unknown_route_is_an_empty_404_even_without_a_key(
    anyone: httpx.Client, path: str
) -> None:
    answer = anyone.get(path)

    assert (answer.status_code, answer.content) == (404, b"")


def test_a_wrong_method_asks_for_a_key_first(anyone: httpx.Client) -> None:
    assert anyone.put("/v1/runs").status_code == 401


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/status", "/openapi.json", "/docs/api", "/docs/api/"])
def test_a_wrong_method_asks_for_no_key_where_none_is_needed(
    anyone: httpx.Client, method: str, path: str
) -> None:
    answer = anyone.request(method, path)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_a_wrong_method_names_the_right_ones(tenant: Tenant) -> None:
    answer = tenant.client.put("/v1/projects")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"
    assert answer.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/v1/runs", "/v1/runs/abc", "/v1/nope", "/status"])
def test_head_answers_as_get_without_the_body(tenant: Tenant, path: str) -> None:
    head, get = tenant.client.head(path), tenant.client.get(path)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers.get("content-type") == get.headers.get("content-type")


@pytest.mark.parametrize("path", ["/v1/projects/%00", "/v1/runs?status=a%00b", "/%00"])
def test_an_address_that_no_database_could_be_asked_for_is_refused(
    tenant: Tenant, path: str
) -> None:
    answer = tenant.client.get(path)

    assert answer.status_code == 400
    assert "NUL" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/v1/projects/%FF", "/v1/files/upload/%C3%28.txt", "/v1/%ED%A0%80"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD"])
def test_an_address_that_is_no_text_is_refused(tenant: Tenant, method: str, path: str) -> None:
    answer = tenant.client.request(method, path, content=b"x" if method == "PUT" else None)

    assert answer.status_code == 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if method != "HEAD":
        assert answer.json()["error"]["message"] == "The address is not UTF-8."


def test_head_of_a_stream_ends(tenant: Tenant) -> None:
    assert tenant.client.head("/v1/env/subscribe").status_code == 200


def test_a_body_over_the_limit_is_refused_before_it_is_read(tenant: Tenant, api: str) -> None:
    token = tenant.client.headers["Authorization"]
    head = (
        "POST /v1/events HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
        f"Authorization: {token}\nContent-Length: 300000000000\nConnection: close"
    )

    status, answer = raw(api, head, b'{"event_type":')

    assert status == 413
    assert b'"message":"The body is larger than 100 MiB."' in answer


# a key may hold anything, also what looks like the path of an upload
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/events"), ("PUT", "/v1/env/context/v1/files/upload/key")]
)
def test_a_long_body_without_a_length_is_refused_in_words(
    tenant: Tenant, method: str, path: str
) -> None:
    content = iter([b"{}", *[b" " * 65536] * 17])
    answer = tenant.client.request(
        method, path, content=content, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 411
    assert "Content-Length" in answer.json()["error"]["message"]


def test_a_short_body_in_chunks_is_read(tenant: Tenant) -> None:
    content = iter([b'{"event_type": "x",', b"", b' "event_data": [1, ', b"2]}"])

    answer = tenant.client.post(
        "/v1/events", content=content, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 201
    assert answer.json()["data"]["event_data"] == [1, 2]


def test_whoever_sends_slowly_keeps_nobody_waiting(tenant: Tenant, api: str) -> None:
    host, port = api.removeprefix("http://").split(":")
    token = tenant.client.headers["Authorization"]
    head = (
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: {token}\r\nContent-Length: 100\r\n\r\n{{"
    )
    with ExitStack() as slow:
        connections = [
            slow.enter_context(socket.create_connection((host, int(port)), timeout=20))
            for _ in range(20)
        ]
        for connection in connections:
            connection.sendall(head.encode())

        assert tenant.client.get("/v1/env").status_code == 200
        last = connections[-1]
        last.sendall(b'"event_type": "x", "event_data": 1}'.ljust(99))
        assert last.recv(65536).startswith(b"HTTP/1.1 201 ")


def test_an_endless_body_to_a_stream_is_cut(tenant: Tenant) -> None:
    def endless():
        for _ in range(2_000):
            yield b" " * 65536

    answer = tenant.client.post("/v1/streams/subscribe-with-event", content=endless())
    assert answer.status_code == 413, answer.text


@pytest.mark.parametrize("path", ["/status", "/v1/env", "/v1/nope", "/v1/runs/abc"])
def test_every_answer_carries_the_headers_that_keep_it_data(tenant: Tenant, path: str) -> None:
    headers = tenant.client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
