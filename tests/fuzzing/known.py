"""Objects that exist, so that every operation can answer well at least once."""

import hashlib
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID

import httpx

from tests.conformance.served import PROJECT, Served

Values = dict[str, Any]
_PATIENCE_SECONDS = 60
_GIVEN = {"permissions": {"stream:*": ["read"]}}


class Known:
    """One object of each kind, and fresh ones for the operations that use theirs up."""

    def __init__(self, served: Served, client: httpx.Client, operator: httpx.Client) -> None:
        self._client = client
        self._operator = operator
        self._database = served.database
        self.archive = served.archive.read_bytes()

    def paths(self) -> dict[str, Values]:
        """Return path parameters that exist: for all operations under "", then for single ones."""
        run, task, slow_task = (
            self._run("fuzz:quick"),
            self._task(slow=False),
            self._task(slow=True),
        )
        lasting = {
            "project": PROJECT,
            "build_id": self._get(f"/projects/{PROJECT}/builds/deployed")["build_id"],
            "key": self._variable(),
            "event_id": run["event_id"],
            "run_id": run["run_id"],
            "stream_id": run["stream_id"],
            "task_id": task,
            "blob_id": self._blob(),
            "file_id": self._file("lasting"),
            "path": "fuzz/again.txt",
            "upload_id": self._upload(),
            "part_number": 1,
            "session_id": self._given("sessions", "session_id"),
            "service_key_id": self._given("service-keys", "service_key_id"),
            "domain_id": self._domain("lasting"),
            "key_id": self._key("lasting"),
        }
        return {
            "": lasting,
            "builds_deployed": {"project": self._with_build("deployed", "deployed = 1")},
            "builds_live": {"project": self._with_build("live", "build_type = 'live'")},
            "projects_delete": {"project": self._project("to-delete")},
            "projects_rename": {"project": self._project("to-rename")},
            "projects_deactivate": {"project": self._project("to-deactivate")},
            "projects_activate": {"project": self._project("to-activate")},
            "context_delete": {"project": PROJECT, "key": self._variable("GONE")},
            "context_update_shared": {"key": self._shared("KEPT")},
            "context_delete_shared": {"key": self._shared("GONE")},
            "files_delete": {"file_id": self._file("to-delete")},
            "file_uploads_complete": {"upload_id": self._upload(with_part=True)},
            "file_uploads_abort": {"upload_id": self._upload()},
            "sessions_revoke": {"session_id": self._given("sessions", "session_id")},
            "service_keys_revoke": {
                "service_key_id": self._given("service-keys", "service_key_id")
            },
            "domains_delete": {"domain_id": self._domain("to-delete")},
            "api_keys_revoke": {"key_id": self._key("to-revoke")},
            "cancellations_run": {"run_id": self._started("fuzz:slow")["run_id"]},
            "cancellations_task": {"task_id": slow_task},
        }

    def bodies(self) -> dict[str, Any]:
        """Return bodies that are accepted, for operations whose schema alone does not find one."""
        digest = hashlib.sha256(self.archive).hexdigest()
        key = {"env_id": self._env_id(), "name": "fuzz", "permissions": {"run:*": ["read"]}}
        return {
            "builds_upload": {"file": ARCHIVE, "hash": digest},
            "domains_create": {"domain": "fuzz.example.com"},
            "sessions_create": _GIVEN,
            "service_keys_create": _GIVEN,
            "api_keys_create": key,
            "context_create": {"key": "NEW", "value": "1"},
            "context_create_shared": {"key": "NEW", "value": "1"},
            "file_uploads_begin": {"path": "fuzz/new.bin"},
            "events_publish": {"event_type": "fuzz:quick", "event_data": {}},
        }

    def _post(self, path: str, **sent: Any) -> Any:
        return self._client.post(f"/v1{path}", **sent).raise_for_status().json()["data"]

    def _get(self, path: str) -> Any:
        return self._client.get(f"/v1{path}").raise_for_status().json()["data"]

    def _env_id(self) -> str:
        return str(self._get("/env")["env_id"])

    def _project(self, name: str) -> str:
        return str(self._post("/projects", json={"name": name})["name"])

    def _with_build(self, name: str, change: str) -> str:
        """Return a project whose build is what no deployment of these seconds would make it."""
        project = self._project(name)
        digest = hashlib.sha256(self.archive).hexdigest()
        file = {"file": ("fuzz.hot.zip", self.archive)}
        path = f"/projects/{project}/builds"
        build_id = self._post(path, files=file, data={"hash": digest})["build_id"]
        with closing(sqlite3.connect(self._database)) as database, database:
            sql = f"update build set {change}, runtime_status = 'ready' where build_id = ?"  # noqa: S608  words of this file
            assert database.execute(sql, [UUID(build_id).hex]).rowcount == 1
        return project

    def _variable(self, key: str = "REGION") -> str:
        body = {"key": key, "value": '"eu"'}
        return str(self._post(f"/projects/{PROJECT}/context", json=body)["key"])

    def _shared(self, key: str) -> str:
        return str(self._post("/env/context", json={"key": key, "value": "1"})["key"])

    def _started(self, event_type: str, data: Any = None) -> Any:
        body = {"event_type": event_type, "event_data": data or {}}
        event_id = self._post("/events", json=body)["event_id"]
        return self._get(f"/events/{event_id}/runs")[0]

    def _run(self, event_type: str, data: Any = None) -> Any:
        run_id = self._started(event_type, data)["run_id"]
        return self._wait(lambda: self._ended(run_id))

    def _ended(self, run_id: str) -> Any:
        run = self._get(f"/runs/{run_id}")
        return run if run["status"] == "succeeded" else None

    def _task(self, *, slow: bool) -> str:
        return str(self._run("fuzz:task", {"slow": slow})["result"])

    def _blob(self) -> str:
        """Return the id of a blob, which readers of the API get back as part of its payload."""
        self._run("fuzz:large")
        with closing(sqlite3.connect(self._database)) as database:
            found = database.execute("select blob_id from blob limit 1").fetchone()
        return str(UUID(found[0] if found else "0" * 32))

    def _file(self, name: str) -> str:
        answer = self._client.put(f"/v1/files/upload/fuzz/{name}.txt", content=b"hello")
        return str(answer.raise_for_status().json()["data"]["file_id"])

    def _upload(self, *, with_part: bool = False) -> str:
        upload_id = str(self._post("/files/uploads", json={"path": "fuzz/parts.bin"})["upload_id"])
        if with_part:
            part = f"/v1/files/uploads/{upload_id}/1"
            self._client.put(part, content=b"hello").raise_for_status()
        return upload_id

    def _given(self, noun: str, name: str) -> str:
        return str(self._post(f"/{noun}", json=_GIVEN)[name])

    def _domain(self, name: str) -> str:
        return str(self._post("/domains", json={"domain": f"{name}.example.com"})["domain_id"])

    def _key(self, name: str) -> str:
        body = {"env_id": self._env_id(), "name": name, "permissions": {"run:*": ["read"]}}
        return str(self._operator.post("/v1/api-keys", json=body).json()["data"]["key_id"])

    def _wait(self, look: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not (seen := look()):
            assert time.monotonic() < deadline, "it did not come in time"
            time.sleep(0.1)
        return seen


# stands in a body where the bytes of a build belong: JSON has no place for bytes
ARCHIVE = "the archive of a build"
