"""A name whose name servers take their time holds up nobody but who asks for it."""

import os
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path

import httpx

from tests.localapi.routes.test_domains import made, path
from tests.localapi.server import serving
from tests.localapi.tenants import Tenant


def test_a_dns_that_is_slow_holds_up_few(
    data: Path, api: str, tmp_path: Path, tenant: Tenant
) -> None:
    slow = tmp_path / "records"
    os.mkfifo(slow)  # whoever reads it waits until somebody writes
    address = f"{path(made(tenant))}/verify"
    with serving(data, HOTDASH_API_DNS_FILE=str(slow)) as origin:

        def ask(_number: int) -> httpx.Response:
            url = f"{origin}{address}"
            return httpx.post(url, headers=dict(tenant.client.headers), timeout=60)

        with ThreadPoolExecutor(3) as threads:
            waiting = [threads.submit(ask, number) for number in range(3)]
            first = next(as_completed(waiting)).result()
            assert httpx.get(f"{origin}/status").status_code == 200
            while not all(one.done() for one in waiting):
                _answer(slow)
        assert (first.status_code, first.headers["Retry-After"]) == (429, "2")
        assert "Try again in a moment." in first.json()["error"]["message"]
        assert sorted(one.result().status_code for one in waiting) == [200, 200, 429]


def _answer(slow: Path) -> None:
    with suppress(OSError):  # nobody reads it now
        os.close(os.open(slow, os.O_WRONLY | os.O_NONBLOCK))
    time.sleep(0.01)
