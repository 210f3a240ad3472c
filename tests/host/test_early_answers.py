"""An answer before the end of its request is heard; a reader that leaves is let go."""

import http.client
import socket
from contextlib import closing
from pathlib import Path

from tests.host.test_serving import server
from tests.sockets import wait_for

REFUSING = """
from hotdash.host.lifespan import live

async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        return await live(receive, send, opens=lambda: None, closes=lambda: None)
    status = 413 if scope["method"] == "PUT" else 200
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"words"})
"""
ENDLESS = """
from hotdash.host.lifespan import live
from hotdash.host.threads import Threads

open_answers = []

class Pieces:
    def __init__(self):
        open_answers.append(self)
    def __iter__(self):
        while True:
            yield bytes(65536)
    def close(self):
        open_answers.remove(self)

def pages(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/count":
        return [str(len(open_answers)).encode()]
    if environ["PATH_INFO"] == "/read":
        try:
            while environ["wsgi.input"].read(65536):
                pass
        except OSError:
            open_answers.append("a body that broke off")
        return [b"read"]
    return Pieces()

threads = Threads(pages, workers=3)

async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        return await live(receive, send, opens=lambda: None, closes=lambda: None)
    await threads(scope, receive, send)
"""


def test_who_still_sends_hears_the_refusal(tmp_path: Path) -> None:
    with server(tmp_path, application=REFUSING) as (port, _):
        for size in (1_000, 3_000_000, 50_000_000):
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("PUT", "/", body=bytes(size))
                answer = connection.getresponse()
                assert (answer.status, answer.read()) == (413, b"words")


def test_a_connection_that_closes_says_so(tmp_path: Path) -> None:
    with server(tmp_path, application=REFUSING) as (port, _):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("GET", "/")
            assert connection.getresponse().headers["Connection"] is None
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.putrequest("PUT", "/")
            connection.putheader("Content-Length", "1000")
            connection.endheaders()
            assert connection.getresponse().headers["Connection"] == "close"


def test_downloads_that_are_broken_off_hold_no_thread(tmp_path: Path) -> None:
    with server(tmp_path, application=ENDLESS) as (port, _):
        for _ in range(9):
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                connection.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert len(connection.recv(100_000)) > 0

        wait_for(lambda: _get(port, "/count") == b"0")


def test_a_body_that_breaks_off_is_no_whole_one(tmp_path: Path) -> None:
    with server(tmp_path, application=ENDLESS) as (port, _):
        for framing in (b"Content-Length: 1000", b"Transfer-Encoding: chunked"):
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                head = b"PUT /read HTTP/1.1\r\nHost: localhost\r\n" + framing + b"\r\n\r\n"
                connection.sendall(head + b"5\r\nhello\r\n")

        wait_for(lambda: _get(port, "/count") == b"2")


def _get(port: int, path: str) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()
