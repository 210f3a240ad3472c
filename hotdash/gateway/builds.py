"""Builds: uploaded archives, of which one per project runs (contract 5.2, 5.3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from hotdash.gateway import client, fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.exchange import Call
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import identifier, named, path
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class Build:
    """A build as the server tells it; `runtime_status` "" on the older generation."""

    build_id: UUID
    project_id: UUID | None
    project_name: str | None
    hash: str
    size_bytes: int
    build_type: str
    is_deployed: bool
    is_active: bool
    runtime_status: str
    runtime_error: str | None
    deployment_sequence: int
    created_at: datetime | None
    updated_at: datetime | None


def list_builds(
    gateway: Gateway, project: str | UUID, limit: int = 50, offset: int = 0
) -> Page[Build]:
    """Return a page of the project's builds, the deployed one first."""
    return lists.fetch_page(
        gateway, path("projects", named(project), "builds"), _shape, limit, offset
    )


def upload_build(gateway: Gateway, project: str | UUID, archive: IO[bytes], hash: str) -> Build:
    """Upload an archive, streamed, and return the build made of it; nothing is deployed."""
    call = Call(
        "POST",
        path("projects", named(project), "builds"),
        form={"hash": hash},
        files={"file": ("build.hot.zip", archive, "application/zip")},
    )
    return _shape(client.send(gateway, call).row)


def deploy_build(gateway: Gateway, project: str | UUID, build_id: UUID | str) -> Build:
    """Ask for this build to become the one that runs; the answer is `pending`, not yet deployed."""
    build_path = path("projects", named(project), "builds", identifier(build_id), "deploy")
    return _shape(client.send(gateway, Call("POST", build_path)).row)


def get_build(gateway: Gateway, project: str | UUID, build_id: UUID | str) -> Build:
    """Return one build; on some servers it lags behind the list (contract Q3)."""
    build_path = path("projects", named(project), "builds", identifier(build_id))
    return _shape(client.fetch(gateway, build_path))


def get_deployed_build(gateway: Gateway, project: str | UUID) -> Build:
    """Return the build that runs; raises Refused(404) when none does."""
    return _shape(client.fetch(gateway, path("projects", named(project), "builds", "deployed")))


def _shape(row: Row) -> Build:
    return Build(
        build_id=fields.own_id(row, "build_id"),
        project_id=fields.uuid(row, "project_id"),
        project_name=fields.maybe_text(row, "project_name"),
        hash=fields.text(row, "hash"),
        size_bytes=fields.whole(row, "size"),
        build_type=fields.text(row, "build_type"),
        is_deployed=fields.truth(row, "deployed"),
        is_active=fields.truth(row, "active"),
        runtime_status=fields.text(row, "runtime_status"),
        runtime_error=fields.maybe_text(row, "runtime_error"),
        deployment_sequence=fields.whole(row, "deployment_sequence"),
        created_at=fields.moment(row, "created_at"),
        updated_at=fields.moment(row, "updated_at"),
    )
