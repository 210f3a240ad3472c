"""The one scope filter: what a key can reach at all, whatever it may do there.

Another environment's object is missing, not forbidden: its id tells nothing.
"""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from pydantic import TypeAdapter, ValidationError

from hotdash.localapi.credentials.principals import Principal
from hotdash.localapi.errors import not_found
from hotdash.localapi.models import (
    Blob,
    Build,
    Domain,
    Environment,
    Event,
    File,
    Project,
    Run,
    Stream,
    Task,
    Upload,
)

M = TypeVar("M", bound=Model)
_ID = TypeAdapter(UUID)


def environment_of(key: Principal) -> Environment:
    """Return the key's environment."""
    if key.environment is None:
        raise not_found("Environment")
    return key.environment


def projects_of(key: Principal) -> QuerySet[Project]:
    """Return the projects of the key's environment."""
    return Project.objects.filter(environment_id=environment_of(key).env_id)


def builds_of(key: Principal) -> QuerySet[Build]:
    """Return the builds of the key's environment."""
    return Build.objects.filter(project__environment_id=environment_of(key).env_id)


def domains_of(key: Principal) -> QuerySet[Domain]:
    """Return the custom domains of the key's environment."""
    return Domain.objects.filter(environment_id=environment_of(key).env_id)


def events_of(key: Principal) -> QuerySet[Event]:
    """Return the events of the key's environment."""
    return Event.objects.filter(environment_id=environment_of(key).env_id)


def runs_of(key: Principal) -> QuerySet[Run]:
    """Return the runs of the key's environment."""
    return Run.objects.filter(environment_id=environment_of(key).env_id)


def listed_runs_of(key: Principal) -> QuerySet[Run]:
    """Return the runs that are listed and counted: those of tasks are not (contract 1.6)."""
    return runs_of(key).exclude(run_type="task")


def tasks_of(key: Principal) -> QuerySet[Task]:
    """Return the tasks of the key's environment, their runs loaded."""
    rows = Task.objects.filter(environment_id=environment_of(key).env_id)
    return rows.select_related("run")


def streams_of(key: Principal) -> QuerySet[Stream]:
    """Return the streams of the key's environment."""
    return Stream.objects.filter(environment_id=environment_of(key).env_id)


def files_of(key: Principal) -> QuerySet[File]:
    """Return the files of the key's environment, their contents loaded."""
    rows = File.objects.filter(environment_id=environment_of(key).env_id)
    return rows.select_related("content")


def uploads_of(key: Principal) -> QuerySet[Upload]:
    """Return the uploads of the key's environment."""
    return Upload.objects.filter(environment_id=environment_of(key).env_id)


def blobs_of(key: Principal) -> QuerySet[Blob]:
    """Return the large values of payloads of the key's environment."""
    return Blob.objects.filter(environment_id=environment_of(key).env_id)


def the(rows: QuerySet[M], object_id: UUID, noun: str) -> M:
    """Return the one object of that id; raise 404 naming the noun."""
    row = rows.filter(pk=object_id).first()
    if row is None:
        raise not_found(noun)
    return row


def project_of(key: Principal, id_or_name: str) -> Project:
    """Return the project of that id or name, active or not; raise 404 (contract 1.7).

    What reads as a UUID is an id. The platform answers 500 to an unknown one; that is a defect.
    """
    return _first(_projects(key, id_or_name))


def locked_project_of(key: Principal, id_or_name: str) -> Project:
    """Return the project as `project_of` does, and keep it until the caller's transaction ends.

    Events go on starting runs of it meanwhile.
    """
    return _first(_projects(key, id_or_name).select_for_update(no_key=True))


def as_uuid(text: str) -> UUID | None:
    """Return what reads as an id, as every other place reads ids; None for any other text.

    Python's own reader takes more for one: underscores between the digits, hyphens anywhere.
    """
    try:
        return _ID.validate_python(text)
    except ValidationError:
        return None


def _projects(key: Principal, id_or_name: str) -> QuerySet[Project]:
    project_id = as_uuid(id_or_name)
    chosen = {"pk": project_id} if project_id else {"name": id_or_name}
    return projects_of(key).filter(**chosen)


def _first(projects: QuerySet[Project]) -> Project:
    project = projects.first()
    if project is None:
        raise not_found("Project")
    return project
