"""Which function a `hot:call` event means (contract 5.5)."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from hotdash.localapi.models import Build

_BUILDS_REMEMBERED = 64


class BadCall(Exception):
    """A `hot:call` event that names no function; its text says what is wrong."""


@dataclass(frozen=True)
class Target:
    """One function of one build that an event starts, and how often it may be retried."""

    build_id: UUID
    project_id: UUID
    ns: str
    var: str
    run_type: str  # call, event, schedule
    retry_max: int = 0
    retry_delay_ms: int = 0


def find_target(environment_id: UUID, event_data: str) -> Target:
    """Return the deployed function that the data names; raise BadCall if there is none."""
    name = _name_in(event_data)
    builds = Build.objects.filter(
        project__environment_id=environment_id,
        project__active=True,
        deployed=True,
        runtime_status="ready",
    ).order_by("-updated_at")
    for build_id, project_id in builds.values_list("build_id", "project_id"):
        if name in _functions_of(build_id):
            ns, _, var = name.rpartition("/")
            return Target(build_id, project_id, ns, var, "call")
    raise BadCall(f"No deployed build of this environment has a function {name}.")


def arguments_in(event_data: str) -> list[Any]:
    """Return the arguments of a call that was accepted."""
    arguments: list[Any] = json.loads(event_data).get("args", [])
    return arguments


def _name_in(event_data: str) -> str:
    data = json.loads(event_data)
    name = data.get("fn") if isinstance(data, dict) else None
    if not isinstance(name, str) or not isinstance(data.get("args", []), list):
        raise BadCall('A call is written {"fn": "::namespace/function", "args": [...]}.')
    return name


@lru_cache(maxsize=_BUILDS_REMEMBERED)
def _functions_of(build_id: UUID) -> frozenset[str]:
    # a stored manifest never changes, so neither does this answer
    manifest = json.loads(Build.objects.values_list("manifest", flat=True).get(pk=build_id))
    (bundle,) = manifest.values()
    return frozenset(function["fn"] for function in bundle.get("functions", []))
