"""Builds as tests upload them and are refused, through the API."""

import httpx

from tests.localapi.archives import sha256
from tests.localapi.tenants import Tenant


def upload(tenant: Tenant, content: bytes, project: str = "shop", **fields: str) -> httpx.Response:
    """Upload an archive into a project, made where it is missing."""
    tenant.project(project)
    return tenant.client.post(
        f"/v1/projects/{project}/builds",
        files={"file": ("any-name.zip", content)},
        data={"hash": sha256(content)} | fields,
    )


def reason(answer: httpx.Response) -> str:
    """Return why a request was bad."""
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == "bad_request"
    return str(answer.json()["error"]["message"])
