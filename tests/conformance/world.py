"""What the SDK's operations are tried on, made through the SDK, each thing when it is needed."""

import hashlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event
from typing import Any
from uuid import UUID

from tests.conformance.served import PROJECT, Served

_NUMBERS = count(1)


class World:
    """The SDK's client, and makers of what its operations need."""

    def __init__(self, hot: Any, served: Served) -> None:
        self.hot = hot
        self.served = served

    def project(self) -> str:
        """Return the name of a fresh project."""
        return str(self.hot.projects.create({"name": f"project-{next(_NUMBERS)}"})["name"])

    def upload(self, project: str) -> str:
        """Return the id of a build, uploaded to that project."""
        content = self.served.archive.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        file = ("fixture.hot.zip", content)
        return str(self.hot.builds.upload(project, file=file, hash=digest)["build_id"])

    def build(self) -> tuple[str, str]:
        """Return a fresh project and the id of a build of it."""
        project = self.project()
        return project, self.upload(project)

    def deployed_id(self) -> str:
        """Return the id of the fixture's build."""
        return str(self.hot.builds.deployed(PROJECT)["build_id"])

    def live(self) -> str:
        """Return a project with a live build, which a development server of the platform makes."""
        project, build_id = self.build()
        with sqlite3.connect(self.served.database) as database:
            change = "update build set build_type = 'live' where build_id = ?"
            assert database.execute(change, [UUID(build_id).hex]).rowcount == 1
        database.close()
        return project

    def variable(self) -> tuple[str, str]:
        """Return a project and the key of a context variable of it."""
        project = self.project()
        body = {"key": "REGION", "value": '"eu"'}
        return project, str(self.hot.context.create(project, body)["key"])

    def event(self) -> dict[str, Any]:
        """Return an event whose handler ends well."""
        body = {"event_type": "sdk:echo", "event_data": {"text": "hello"}}
        return dict(self.hot.events.publish(body))

    def heard(self) -> str:
        """Return the type of the first event that the environment's stream tells.

        It tells nothing that was before it: something happens again and again until it does.
        """
        done = Event()

        def happen() -> None:
            body = {"event_type": "sdk:no-handler", "event_data": {}}
            with self.served.client as client:
                while not done.wait(0.1):
                    client.post("/v1/events", json=body)

        with ThreadPoolExecutor(1) as pool:
            pool.submit(happen)
            try:
                return first(self.hot.env.subscribe())
            finally:
                done.set()

    def run_id(self) -> str:
        """Return the id of a run."""
        return str(self.hot.events.get_runs(self.event()["event_id"])["data"][0]["run_id"])

    def task_id(self) -> str:
        """Return the id of a task that a handler started."""
        body = {"event_type": "sdk:task", "event_data": {"value": "hello"}}
        event = self.hot.events.publish(body)
        run_id = self.hot.events.get_runs(event["event_id"])["data"][0]["run_id"]
        return str(self.hot.runs.wait(run_id)["result"]["work"]["task"])

    def file_id(self) -> str:
        """Return the id of a file."""
        path = f"reports/{next(_NUMBERS)}.txt"
        return str(self.hot.files.upload(path, b"hello")["file_id"])

    def upload_id(self) -> str:
        """Return the id of an upload in parts."""
        body = {"path": f"large/{next(_NUMBERS)}.bin", "expected_size": 5}
        return str(self.hot.files.initiate_upload(body)["upload_id"])

    def parts(self) -> str:
        """Return the id of an upload all of whose parts are there."""
        upload_id = self.upload_id()
        self.hot.files.upload_part(upload_id, 1, b"hello")
        return upload_id

    def session_id(self) -> str:
        """Return the id of a session."""
        body = {"permissions": {"stream:*": ["read"]}}
        return str(self.hot.sessions.create(body)["session_id"])

    def service_key_id(self) -> str:
        """Return the id of a service key."""
        body = {"permissions": {"stream:*": ["read"]}, "name": "ci"}
        return str(self.hot.service_keys.create(body)["service_key_id"])

    def domain(self) -> dict[str, Any]:
        """Return a domain."""
        name = f"site-{next(_NUMBERS)}.example.com"
        return dict(self.hot.domains.create({"domain": name}))


def first(events: Iterator[dict[str, Any]]) -> str:
    """Return the type of a stream's first event, and close the stream."""
    with_close: Any = events
    try:
        return str(next(events)["type"])
    finally:
        with_close.close()
