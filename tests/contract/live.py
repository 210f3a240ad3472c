"""A live Hot API as a target, named by HOTDASH_CONTRACT_URL and HOTDASH_CONTRACT_KEY.

It is written to: projects `billing` and `hotdash-contract-idle` are made, context variables set in
the project that HOTDASH_CONTRACT_PROJECT names, events published. That project needs a deployed
build, and its environment at least one run.
"""

import os

from hotdash.gateway import builds, capabilities, events, pool, prefixes, projects, runs
from hotdash.gateway.addresses import Policy, parse_policy
from hotdash.gateway.base_url import parse_base_url
from hotdash.gateway.secret import Secret
from hotdash.gateway.transport import GuardedTransport
from hotdash.gateway.upstream import Gateway, Upstream
from tests.contract.targets import Kept, Target, World

URL = os.environ.get("HOTDASH_CONTRACT_URL", "")
KEY = os.environ.get("HOTDASH_CONTRACT_KEY", "")
PROJECT = os.environ.get("HOTDASH_CONTRACT_PROJECT", "demo")


def live() -> Target:
    """Return the target, its projects made."""
    origin, prefix = parse_base_url(URL)
    transport = GuardedTransport(parse_policy(("public", "private", "loopback", origin)), Policy())
    gateway = Gateway(Upstream("live", origin, prefix), Secret(KEY), "mia")
    with pool.use_transport(Kept(transport)):
        prefix = prefixes.prefix_of(gateway)
        idle = projects.create_project(gateway, "hotdash-contract-idle")
        project = projects.get_project(gateway, PROJECT)
        event = events.publish_event(gateway, "hotdash:contract", {})
        newest = runs.list_runs(gateway, runs.RunQuery(limit=1)).rows
        assert newest, "the live environment has no run: publish an event that a handler takes"
        build = builds.get_deployed_build(gateway, PROJECT)
        kind = _kind(capabilities.get_capabilities(gateway))
    world = World(
        project=PROJECT,
        project_id=str(project.project_id),
        idle=idle.name,
        run_id=str(newest[0].run_id),
        event_id=str(event.event_id),
        stream_id=str(event.stream_id),
        build_id=str(build.build_id),
    )
    return Target(kind, origin, prefix, KEY, world, transport)


def _kind(offered: capabilities.Capabilities) -> str:
    if offered.generation == "older":
        return "older"
    return "embedded" if offered.has_trace else "platform"
