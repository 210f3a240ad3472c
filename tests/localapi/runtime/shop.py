"""A project with builds: made, deployed and set off as the API does it, without HTTP."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from hotdash.localapi import blobs, engine
from hotdash.localapi.archives import archive, storage
from hotdash.localapi.archives.pack import pack
from hotdash.localapi.context import seal
from hotdash.localapi.models import (
    Build,
    Call,
    ContextVariable,
    Environment,
    Event,
    Project,
    Run,
    StreamData,
)
from hotdash.localapi.models.ids import new_id
from tests.sockets import wait_for

FINAL = frozenset({"succeeded", "failed", "cancelled"})


@dataclass
class Shop:
    """One environment with one project, and a directory to write builds in."""

    environment: Environment
    project: Project
    place: Path

    def build(self, files: Mapping[str, str]) -> Build:
        """Pack and store a build of these modules."""
        source = self.place / uuid4().hex
        for name, text in files.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        packed = self.place / f"{uuid4().hex}.zip"
        pack(source, packed, "shop")
        return self.store(packed)

    def store(self, packed: Path) -> Build:
        """Store an archive as an upload does."""
        manifest = archive.check(packed)
        build = storage.record(
            self.project, new_id(), packed.stat().st_size, manifest.bundle_hash, manifest
        )
        storage.prepare()
        storage.path_of(build.build_id).write_bytes(packed.read_bytes())
        return build

    def deploy(self, files: Mapping[str, str]) -> Build:
        """Deploy a build of these modules; a worker must be there."""
        return self.settle(self.build(files))

    def settle(self, build: Build) -> Build:
        """Ask for a deployment and wait until it is decided."""
        engine.deploy(build)
        wait_for(lambda: _status(build) in {"ready", "failed"})
        build.refresh_from_db()
        assert build.runtime_status == "ready", build.runtime_error
        return build

    def publish(self, event_type: str, data: Any = None, stream_id: UUID | None = None) -> Event:
        """Publish an event and return it."""
        new = engine.NewEvent(
            self.environment.env_id, event_type, json.dumps(data), stream_id=stream_id
        )
        return engine.accept(new).event

    def call(self, function: str, *arguments: Any) -> Run:
        """Call a function by name and return its run, once it is over."""
        return self.over(self.start(function, *arguments))

    def start(self, function: str, *arguments: Any) -> Run:
        """Call a function by name and return its run at once."""
        data = json.dumps({"fn": function, "args": arguments})
        (run,) = engine.accept(
            engine.NewEvent(self.environment.env_id, "hot:call", data, None)
        ).runs
        return run

    def over(self, run: Run) -> Run:
        """Return a run once it is final."""
        wait_for(lambda: _run(run).status in FINAL, seconds=60)
        return _run(run)

    def running(self, run: Run) -> Run:
        """Return a run once it is being executed."""
        wait_for(lambda: _run(run).status == "running")
        return _run(run)

    def runs_of(self, event: Event) -> list[Run]:
        """Return the runs of one event, all final."""
        return [self.over(run) for run in Run.objects.filter(event=event).order_by("ns", "var")]


def result(run: Run) -> Any:
    """Return what a run returned."""
    assert run.result is not None
    return json.loads(run.result)


def whole(run: Run) -> Any:
    """Return a run's result as a client reads it."""
    assert run.result is not None
    return json.loads(blobs.whole(run.result, run.run_id))


def put(project: Project, key: str, value: str) -> None:
    """Set a context variable of a project."""
    environment = project.environment
    sealed = seal.seal_value(environment.org_id, environment.env_id, project.project_id, key, value)
    ContextVariable.objects.create(project=project, key=key, sealed=sealed)


def failure(run: Run) -> dict[str, Any]:
    """Return message and details of a failed run."""
    value = result(run)
    assert value["$type"] == "::hot::run/Failure", value
    details: dict[str, Any] = value["$val"]
    return details


def marks(run: Run) -> list[Any]:
    """Return what a run has streamed so far, over all its executions."""
    rows = StreamData.objects.filter(run_id=run.run_id).order_by("pk")
    return [json.loads(payload) for payload in rows.values_list("payload", flat=True)]


def calls_of(run: Run) -> list[Call]:
    """Return the calls of a run's newest execution, in the order in which they began."""
    return list(Call.objects.filter(run=run, execution=run.execution).order_by("seq"))


def tree(run: Run) -> list[str]:
    """Return the calls of a run as indented names."""
    depth: dict[int | None, int] = {None: -1}
    lines = []
    for call in calls_of(run):
        depth[call.seq] = depth[call.parent_seq] + 1
        lines.append("  " * depth[call.seq] + call.var)
    return lines


def make_shop(place: Path) -> Shop:
    """Return a shop in an environment of its own."""
    environment = Environment.objects.create(org_id=uuid4(), name="development")
    project = Project.objects.create(environment=environment, name="shop")
    return Shop(environment, project, place)


def _run(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def _status(build: Build) -> str:
    return Build.objects.values_list("runtime_status", flat=True).get(pk=build.pk)


def pause(seconds: float) -> None:
    """Wait, where a test asserts that something does not happen."""
    time.sleep(seconds)
