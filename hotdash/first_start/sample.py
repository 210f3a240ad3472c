"""The sample project, brought in through the Hot API with the owner's key like anyone's."""

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID

from hotdash.first_start import CannotStart
from hotdash.gateway.builds import Build, deploy_build, get_build, list_builds, upload_build
from hotdash.gateway.events import list_events, publish_event
from hotdash.gateway.projects import create_project
from hotdash.gateway.upstream import Gateway

PROJECT = "storefront"
_SAMPLES = Path(__file__).resolve().parent.parent / "localapi" / "samples"
_DEPLOY_SECONDS = 30.0


def deploy(gateway: Gateway) -> None:
    """Let the sample run: upload it unless it is there, deploy it unless it is deployed."""
    create_project(gateway, PROJECT)
    builds = list_builds(gateway, PROJECT).rows
    if any(build.is_deployed for build in builds):
        return
    usable = [build for build in builds if build.runtime_status != "failed"]
    build = usable[0] if usable else _upload(gateway)
    deploy_build(gateway, PROJECT, build.build_id)
    _wait_until_deployed(gateway, build.build_id)


def publish(gateway: Gateway) -> None:
    """Publish each sample event once: those that a killed start has published are not repeated."""
    published: dict[tuple[str, str], list[UUID | None]] = defaultdict(list)
    for before in list_events(gateway, limit=500).rows:
        if before.source == "api":
            data = before.event_data.value if before.event_data else None
            published[before.event_type, _canonical(data)].append(before.stream_id)
    streams: dict[int, UUID | None] = {}
    for event in sample_events():
        kind, data, stream = event["event_type"], event["event_data"], event["stream"]
        same = published[kind, _canonical(data)]
        if same:
            streams.setdefault(stream, same.pop())
        else:
            made = publish_event(gateway, kind, data, streams.get(stream))
            streams.setdefault(stream, made.stream_id)


def sample_events() -> list[dict[str, Any]]:
    """Return the sample events in order: type, data, and a number; equal ones share a stream."""
    events: list[dict[str, Any]] = json.loads(
        (_SAMPLES / "events.json").read_text(encoding="utf-8")
    )
    return events


def _upload(gateway: Gateway) -> Build:
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "storefront.hot.zip"
        pack = ("-m", "hotdash.localapi", "pack", str(_SAMPLES / PROJECT), "-o", str(archive))
        packing = subprocess.run([sys.executable, *pack], check=False, stdout=subprocess.DEVNULL)  # noqa: S603  our own words
        if packing.returncode != 0:
            raise CannotStart("The sample project could not be packed, see above.")
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        with archive.open("rb") as file:
            return upload_build(gateway, PROJECT, file, digest)


def _wait_until_deployed(gateway: Gateway, build_id: UUID) -> None:
    deadline = time.monotonic() + _DEPLOY_SECONDS
    while time.monotonic() < deadline:
        build = get_build(gateway, PROJECT, build_id)
        if build.is_deployed:
            return
        if build.runtime_status == "failed":
            raise CannotStart(f"The sample project was refused: {build.runtime_error}")
        time.sleep(0.1)
    raise CannotStart(f"The sample project was not deployed within {_DEPLOY_SECONDS:.0f} seconds.")


def _canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True)
