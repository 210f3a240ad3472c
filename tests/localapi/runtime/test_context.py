"""What a run gets of the context: its environment's variables, its project's before them."""

from typing import Any

import pytest

from hotdash.localapi.context.seal import seal_value
from hotdash.localapi.models import ContextVariable, Environment, Project, Run
from hotdash.localapi.runtime.context import context_of
from tests.localapi import rows
from tests.localapi.runtime.shop import Shop, result
from tests.localapi.runtime.workers import WorkerProcess
from tests.localapi.tenants import Tenant

READER = {
    "reader.py": """
from hotbuild import ctx

def read(key):
    value = ctx.get(key, "the default")
    return [type(value).__name__, value]
"""
}


def put(environment: Environment, key: str, value: str, project: Project | None = None) -> None:
    project_id = project.project_id if project else None
    sealed = seal_value(environment.org_id, environment.env_id, project_id, key, value)
    owner: dict[str, Any] = {"project": project} if project else {"environment": environment}
    ContextVariable.objects.create(**owner, key=key, sealed=sealed)


@pytest.fixture
def run(tenant: Tenant) -> Run:
    """A run of a project of that environment."""
    made = rows.run(rows.build(tenant.project()["project_id"]))
    return Run.objects.select_related("environment", "project").get(pk=made.pk)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"quoted"', "quoted"),
        ("postgres://u:p@h/db", "postgres://u:p@h/db"),
        ("17", 17),
        ("1.5", 1.5),
        ("true", True),
        ("null", None),
        ('{"a": [1, 2]}', {"a": [1, 2]}),
        ("", ""),
        ("007", "007"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("{not json", "{not json"),
        ("[" * 100_000, "[" * 100_000),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_json_becomes_what_it_says_and_other_text_stays_text(
    run: Run, text: str, value: Any
) -> None:
    put(run.environment, "KEY", text, run.project)

    assert context_of(run) == {"KEY": value}


def test_a_projects_variable_goes_before_its_environments(run: Run) -> None:
    put(run.environment, "REGION", "eu", run.project)
    put(run.environment, "REGION", "us")
    put(run.environment, "SHARED", "1")

    assert context_of(run) == {"REGION": "eu", "SHARED": 1}


def test_another_project_and_another_environment_give_nothing(run: Run, stranger: Tenant) -> None:
    other = Project.objects.create(environment=run.environment, name="other")
    put(run.environment, "THEIRS", "x", other)
    put(Environment.objects.get(pk=stranger.env_id), "FOREIGN", "x")

    assert context_of(run) == {}


def test_a_lost_value_of_a_project_is_not_replaced_by_another(run: Run) -> None:
    put(run.environment, "REGION", "us")
    put(run.environment, "REGION", "eu", run.project)
    put(run.environment, "SHARED", "1")
    lost = ContextVariable.objects.get(project=run.project, key="REGION")
    lost.sealed = b"k9\0" + bytes(lost.sealed)
    lost.save()

    assert context_of(run) == {"SHARED": 1}


def test_a_handler_reads_typed_values_and_its_default(worker: WorkerProcess, shop: Shop) -> None:
    put(shop.environment, "LIMIT", "17")
    put(shop.environment, "URL", "postgres://u:p@h/db", shop.project)
    shop.deploy(READER)

    def read(key: str) -> Any:
        return result(shop.call("::reader/read", key))

    assert read("LIMIT") == ["int", 17]
    assert read("URL")[0] == "str"
    assert read("NOPE") == ["str", "the default"]
