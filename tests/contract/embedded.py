"""The embedded API as a target: its own processes, a build deployed and an event worked off."""

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotdash.gateway import builds, events, operator, pool, projects, runs
from hotdash.gateway.addresses import Policy, parse_policy
from hotdash.gateway.secret import Secret
from hotdash.gateway.transport import GuardedTransport
from hotdash.gateway.upstream import Gateway, Upstream
from tests.contract.targets import Kept, Target, World
from tests.localapi.server import command, serving, surroundings
from tests.sockets import wait_for

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "hotdash/localapi/samples/storefront"
EVENT = {"cart": "c-1", "items": {"MUG-1": 1}}


@contextmanager
def embedded(data: Path) -> Iterator[Target]:
    """Start API and worker on a data directory; give the target, end both with SIGTERM."""
    transport = GuardedTransport(parse_policy(("loopback",)), Policy())
    with serving(data) as origin, _working(data), pool.use_transport(Kept(transport)):
        upstream = Upstream("embedded", origin, "/v1")
        token = (data / "operator-key").read_text().strip()
        owner = Gateway(upstream, Secret(token), "operator")
        environment = operator.create_environment(owner, uuid.uuid4(), "development")
        key = operator.mint_key(owner, environment.env_id, "mia", {"*:*": ["*"]})[1]
        world = _populate(Gateway(upstream, key, "mia"), _packed(data))
        yield Target("embedded", origin, "/v1", key.reveal(), world, transport)
    transport.close()


@contextmanager
def _working(data: Path) -> Iterator[None]:
    with (data / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command("worker"), env=surroundings(data), cwd=ROOT, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)


def _packed(data: Path) -> tuple[Path, str]:
    archive = data / "storefront.hot.zip"
    printed = subprocess.run(
        [*command("pack", str(SAMPLE)), "-o", str(archive)],
        env=surroundings(data),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return archive, printed.stdout.split()[-1]


def _populate(gateway: Gateway, packed: tuple[Path, str]) -> World:
    project = projects.create_project(gateway, "storefront")
    projects.create_project(gateway, "billing-two")
    archive, digest = packed
    with archive.open("rb") as file:
        build = builds.upload_build(gateway, "storefront", file, digest)
    builds.deploy_build(gateway, "storefront", build.build_id)
    wait_for(lambda: _status(gateway, build.build_id) in {"ready", "failed"})
    event = events.publish_event(gateway, "cart:updated", EVENT)
    wait_for(lambda: _is_worked_off(gateway, event))
    run = events.list_event_runs(gateway, event.event_id).rows[0]
    return World(
        project="storefront",
        project_id=str(project.project_id),
        idle="billing-two",
        run_id=str(run.run_id),
        event_id=str(event.event_id),
        stream_id=str(event.stream_id),
        build_id=str(build.build_id),
    )


def _status(gateway: Gateway, build_id: uuid.UUID) -> str:
    return builds.get_build(gateway, "storefront", build_id).runtime_status


def _is_worked_off(gateway: Gateway, event: events.Event) -> bool:
    found = events.list_event_runs(gateway, event.event_id).rows
    return bool(found) and all(run.status in runs.FINAL for run in found)
