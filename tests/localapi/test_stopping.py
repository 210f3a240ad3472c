"""SIGTERM ends the server, whatever is open."""

import threading
from pathlib import Path
from uuid import uuid4

from tests.localapi.frames import Frame, subscribed
from tests.localapi.server import serving
from tests.localapi.tenants import Operator


def test_open_streams_end_cleanly_and_the_server_is_gone(tmp_path: Path) -> None:
    ended: list[list[Frame]] = []

    with serving(tmp_path) as origin:
        operator = Operator(origin, (tmp_path / "operator-key").read_text())
        tenant = operator.tenant(uuid4())
        client = tenant.client

        def listen() -> None:
            with subscribed(client, "/v1/env/subscribe") as stream:
                ready.release()
                ended.append(stream.rest())  # raises where it is cut off

        ready = threading.Semaphore(0)
        listeners = [threading.Thread(target=listen) for _ in range(10)]
        for listener in listeners:
            listener.start()
        for _ in listeners:
            assert ready.acquire(timeout=30)

    # a client that keeps its connection is waited for, but not for long: `serving` has seen its end
    for listener in listeners:
        listener.join(30)
    with operator:
        assert ended == [[]] * 10
