"""The server itself, over a socket: it binds where told, says goodbye, and names no path."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.sockets import can_connect, free_port, wait_for

APPLICATION = """
import asyncio, sys
from hotdash.host.lifespan import live
from hotdash.host.stopping import stopping

async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        opens, closes = (lambda: note("opened")), (lambda: note("closed"))
        return await live(receive, send, opens=opens, closes=closes)
    headers = [(b"content-type", b"text/plain")]
    if scope["path"] == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"hello\\n", "more_body": True})
        await stopping().wait()
        return await send({"type": "http.response.body", "body": b"bye\\n"})
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})

def note(word):
    print(word, file=sys.stderr, flush=True)
"""


@contextmanager
def server(
    folder: Path, host: str = "127.0.0.1", application: str = APPLICATION
) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Yield the port and process of a server of ours around a small application."""
    (folder / "small.py").write_text(application)
    port = free_port()
    code = f"from hotdash.host.serving import serve; serve('small:application', {host!r}, {port})"
    running = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": f"{folder}:{Path.cwd()}"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: can_connect("127.0.0.1", port))
        yield port, running
    finally:
        running.kill()
        running.communicate()


def connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def test_it_listens_on_its_own_address_alone(tmp_path: Path) -> None:
    with server(tmp_path) as (port, _):
        assert can_connect("127.0.0.1", port)
        assert not can_connect("127.0.0.2", port)


def test_a_second_request_on_one_connection_is_answered(tmp_path: Path) -> None:
    with server(tmp_path) as (port, _), closing(connected(port)) as connection:
        for _ in range(3):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"ok"


def test_on_term_an_open_stream_hears_a_last_word_and_pools_are_closed(tmp_path: Path) -> None:
    with server(tmp_path) as (port, running):
        connection = connected(port)
        connection.request("GET", "/stream")
        stream = connection.getresponse()
        assert stream.readline() == b"hello\n"
        running.send_signal(signal.SIGTERM)
        assert stream.read() == b"bye\n"
        connection.close()
        _, words = running.communicate(timeout=60)
        assert words.splitlines() == ["opened", "closed"]


def test_an_idle_connection_does_not_hold_the_server(tmp_path: Path) -> None:
    with server(tmp_path) as (port, running):
        with closing(connected(port)) as connection:
            connection.request("GET", "/")
            connection.getresponse().read()
            running.send_signal(signal.SIGTERM)
            _, words = running.communicate(timeout=60)
        assert words.splitlines()[-1] == "closed"


def test_files_that_a_server_writes_are_closed_to_others(tmp_path: Path) -> None:
    with server(tmp_path) as (_, running):
        assert "Umask:\t0077" in Path(f"/proc/{running.pid}/status").read_text()


def test_the_worker_dies_with_its_arbiter(tmp_path: Path) -> None:
    with server(tmp_path) as (port, running):
        running.kill()
        wait_for(lambda: not can_connect("127.0.0.1", port))
