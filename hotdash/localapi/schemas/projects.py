"""Projects on the wire (contract 5.1)."""

from datetime import datetime
from typing import NotRequired
from uuid import UUID

from ninja import Schema
from typing_extensions import TypedDict

from hotdash.localapi.bodies import Name
from hotdash.localapi.models import Project


class ProjectShape(TypedDict):
    """A project."""

    project_id: UUID
    env_id: UUID
    name: str
    active: bool
    created_at: datetime
    updated_at: datetime


class ActivationShape(TypedDict):
    """A project that was switched on or off; the build is named when one is deployed again."""

    project: ProjectShape
    redeployed_build_id: NotRequired[UUID]


class NamedProject(Schema):
    """A project's name: any text, the empty one too."""

    name: Name


def project_shape(project: Project) -> ProjectShape:
    """Return a project as it is sent."""
    return {
        "project_id": project.project_id,
        "env_id": project.environment_id,
        "name": project.name,
        "active": project.active,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
    }
