"""Files as tests make and see them, through the API."""

import http.client
import json
from contextlib import closing
from typing import Any

import httpx

from tests.localapi.tenants import Tenant


def put(tenant: Tenant, path: str, content: Any = b"hello world", **more: Any) -> httpx.Response:
    return tenant.client.put(f"/v1/files/upload/{path}", content=content, **more)


def stored(tenant: Tenant, path: str, content: bytes = b"hello world") -> dict[str, Any]:
    answer = put(tenant, path, content)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def listed(tenant: Tenant, prefix: str | None = None, **more: Any) -> list[str]:
    params = more if prefix is None else {"prefix": prefix, **more}
    return [row["path"] for row in tenant.client.get("/v1/files", params=params).json()["data"]]


def reason(answer: httpx.Response) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


def announced(tenant: Tenant, path: str, size: int) -> tuple[int, str]:
    """Announce a body of that size, send none of it; return status and code of the refusal."""
    url = tenant.client.base_url
    with closing(http.client.HTTPConnection(url.host, url.port, timeout=30)) as connection:
        connection.putrequest("PUT", path)
        connection.putheader("Authorization", tenant.client.headers["Authorization"])
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())["error"]["code"]
