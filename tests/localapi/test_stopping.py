"""SIGTERM ends the server, whatever is open."""

import threading
import time
from pathlib import Path
from uuid import uuid4

from tests.localapi.frames import Frame, subscribed
from tests.localapi.server import serving
from tests.localapi.tenants import Operator


def test_open_streams_end_cleanly_and_at_once_and_the_server_is_gone_soon(tmp_path: Path) -> None:
    ended: list[tuple[list[Frame], float]] = []

    with serving(tmp_path) as origin:
        operator = Operator(origin, (tmp_path / "operator-key").read_text())
        tenant = operator.tenant(uuid4())
        client = tenant.client

        def listen() -> None:
            with subscribed(client, "/v1/env/subscribe") as stream:
                ready.release()
                ended.append((stream.rest(), time.monotonic()))

        ready = threading.Semaphore(0)
        listeners = [threading.Thread(target=listen) for _ in range(10)]
        for listener in listeners:
            listener.start()
        for _ in listeners:
            assert ready.acquire(timeout=10)
        told_to_stop = time.monotonic()

    gone = time.monotonic()
    for listener in listeners:
        listener.join(5)
    with operator:
        assert [frames for frames, _ in ended] == [[]] * 10
    assert max(at for _, at in ended) - told_to_stop < 2
    assert gone - told_to_stop < 5  # a client that keeps its connection is waited for
