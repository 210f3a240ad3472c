"""The objects of one environment, each made when it is first named."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

import httpx

from hotdash.localapi.models import Build, Run
from tests.localapi import archives, rows
from tests.localapi.tenants import Tenant

_HOLE = re.compile(r"\{(\w+)\}")


class Things:
    """What stands in the holes of a route's path, all in the environment of one tenant.

    `maker` is the client that makes sessions and service keys: they belong to its key.
    """

    def __init__(self, tenant: Tenant, maker: httpx.Client | None = None) -> None:
        self.tenant = tenant
        self.maker = maker or tenant.client
        self._made: dict[str, str] = {}

    def __getitem__(self, hole: str) -> str:
        if hole not in self._made:
            self._made[hole] = str(MAKERS[hole](self))
        return self._made[hole]

    def filled(self, template: Any) -> Any:
        """Return a path, or a body, with every hole filled."""
        if isinstance(template, str):
            return _HOLE.sub(lambda hole: self[hole[1]], template)
        if isinstance(template, dict):
            return {name: self.filled(value) for name, value in template.items()}
        return template

    def upload(self) -> dict[str, Any]:
        """Return a good build as a form."""
        content = archives.archive()
        return {
            "files": {"file": ("shop.hot.zip", content)},
            "data": {"hash": archives.sha256(content)},
        }

    def asked_for(self, method: str, path: str, **sent: Any) -> Any:
        """Return what the environment's full key is answered."""
        answer = self.tenant.client.request(method, f"/v1{self.filled(path)}", **sent)
        assert answer.is_success, answer.text
        return answer.json()["data"]

    @cached_property
    def project(self) -> dict[str, Any]:
        """A project."""
        return self.tenant.project("shop")

    @cached_property
    def build(self) -> Build:
        """A build with its archive, deployed, with a handler and a schedule."""
        made = self.asked_for("POST", "/projects/{project}/builds", **self.upload())
        Build.objects.filter(pk=made["build_id"]).update(deployed=True, runtime_status="ready")
        return Build.objects.get(pk=made["build_id"])

    @cached_property
    def run(self) -> Run:
        """A run that succeeded, with a call and a piece of output."""
        run = rows.run(self.build, event=rows.event(self.tenant.env_id))
        rows.call(run, 1)
        rows.piece(run)
        return run


def _context(things: Things) -> str:
    body = {"key": "REGION", "value": json.dumps("eu")}
    return str(things.asked_for("POST", "/projects/{project}/context", json=body)["key"])


def _env_key(things: Things) -> str:
    body = {"key": "SHARED", "value": json.dumps("eu")}
    return str(things.asked_for("POST", "/env/context", json=body)["key"])


def _fresh_name(_things: Things) -> str:
    """A domain's name, which all environments share."""
    return f"{uuid4().hex}.example.com"


def _domain(things: Things) -> Any:
    body = {"domain": "{fresh_name}"}
    return things.asked_for("POST", "/domains", json=things.filled(body))["domain_id"]


def _given(noun: str, name: str) -> Callable[[Things], Any]:
    """Return the maker of a credential: it belongs to the key that gives it."""

    def make(things: Things) -> Any:
        body = {"permissions": {"stream:*": ["read"]}, "metadata": {"for": "a test"}}
        answer = things.maker.post(f"/v1/{noun}", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"][name]

    return make


def _file_id(things: Things) -> Any:
    return things.asked_for("PUT", "/files/upload/{path}", content=b"hello")["file_id"]


def _upload_id(things: Things) -> Any:
    """An upload with a part, so that it may be completed."""
    body = {"path": "reports/parts.csv"}
    upload_id = things.asked_for("POST", "/files/uploads", json=body)["upload_id"]
    things.asked_for("PUT", f"/files/uploads/{upload_id}/1", content=b"first")
    return upload_id


def _key_id(things: Things) -> Any:
    tenant = things.tenant
    token = tenant.operator.key(tenant.env_id, {"run:*": ["read"]}, "to be revoked")
    return UUID(token.split("_")[1])


def _live(things: Things) -> Any:
    """A build of a development server, which only the model can make here."""
    return rows.build(things["project"], build_type="live", deployed=False).build_id


def _task_id(things: Things) -> Any:
    """A task that waits: it can be read, watched and cancelled."""
    return rows.task(things.build, "pending").task_id


MAKERS: Mapping[str, Callable[[Things], Any]] = {
    "env_id": lambda things: things.tenant.env_id,
    "org_id": lambda things: things.tenant.org_id,
    "project": lambda things: things.project["project_id"],
    "build_id": lambda things: things.build.build_id,
    "live": _live,
    "blob_id": lambda things: rows.blob(things.run).blob_id,
    "env_key": _env_key,
    "fresh_name": _fresh_name,
    "domain_id": _domain,
    "session_id": _given("sessions", "session_id"),
    "service_key_id": _given("service-keys", "service_key_id"),
    "key": _context,
    "key_id": _key_id,
    "file_id": _file_id,
    "path": lambda _things: "reports/daily.txt",
    "upload_id": _upload_id,
    "part_number": lambda _things: 1,
    "event_id": lambda things: things.run.event_id,
    "run_id": lambda things: things.run.run_id,
    "task_id": _task_id,
    "task_run_id": lambda things: rows.task(things.build, "pending").run_id,
    "stream_id": lambda things: things.run.stream_id,
}
