"""A key of one environment sees and changes nothing of another, by no route of the table."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.plugin import DjangoDbBlocker

from hotdash.localapi.credentials import operator_key
from hotdash.localapi.models import Run
from tests.localapi.contract.answers import check_error
from tests.localapi.contract.lines import Line, asked
from tests.localapi.contract.table import TABLE
from tests.localapi.contract.things import MAKERS, Things
from tests.localapi.frames import subscribed
from tests.localapi.tenants import Operator, Tenant

OWN = [line for line in TABLE if not line.is_operators]
HOLES = [(line, hole) for line in OWN for hole in line.objects]
LISTS = [line for line in OWN if line.is_list]
IDS = [hole for hole in MAKERS if hole.endswith("_id") and hole not in {"org_id", "key_id"}]


@pytest.fixture(scope="module")
def theirs(api: str, tables: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    """The objects of another environment: one for all tests, for none of them changes it."""
    with django_db_blocker.unblock(), Operator(api, operator_key.ensure().read_text()) as holder:
        yield Things(holder.tenant(uuid4()))


def whole(things: Things) -> dict[str, Any]:
    """Return all that the environment's lists show, with one of everything in them."""
    shown = {}
    for line in LISTS:
        for need in line.needs:
            assert things[need]
        path = things.filled(line.path)
        shown[path] = things.asked_for("GET", path, params={"limit": 500})
    return shown


@pytest.mark.parametrize(("line", "hole"), HOLES, ids=str)
def test_an_object_of_another_environment_is_not_found(
    tenant: Tenant, things: Things, theirs: Things, line: Line, hole: str
) -> None:
    before = whole(theirs)
    url = f"/v1{things.filled(line.path.replace(f'{{{hole}}}', theirs[hole]))}"

    with asked(tenant.client, line.method, url, **line.sent(things)) as answer:
        check_error(answer, 404, "not_found")
    assert whole(theirs) == before


@pytest.mark.parametrize("line", [line for line in OWN if "project" in line.holes], ids=str)
def test_a_project_of_another_environment_is_not_found_by_name(
    tenant: Tenant, theirs: Things, line: Line
) -> None:
    things = Things(tenant)
    theirs.tenant.project("vault")
    url = f"/v1{things.filled(line.path.replace('{project}', 'vault'))}"

    with asked(tenant.client, line.method, url, **line.sent(things)) as answer:
        check_error(answer, 404, "not_found")


@pytest.mark.parametrize("line", LISTS, ids=str)
def test_no_list_shows_anything_of_another_environment(
    tenant: Tenant, things: Things, theirs: Things, line: Line
) -> None:
    whole(theirs)

    answer = tenant.client.get(f"/v1{things.filled(line.path)}", params={"limit": 500})

    assert answer.status_code == 200
    for hole in IDS:
        assert theirs[hole] not in answer.text, hole


@pytest.mark.parametrize("path", ["/runs", "/events"])
def test_no_filter_reaches_into_another_environment(
    tenant: Tenant, theirs: Things, path: str
) -> None:
    answer = tenant.client.get(f"/v1{path}", params={"stream_id": theirs["stream_id"]}).json()

    assert (answer["data"], answer["pagination"]["total"]) == ([], 0)


def test_no_count_includes_another_environment(tenant: Tenant, theirs: Things) -> None:
    assert theirs["run_id"]

    for query in ("", "?type=event", "?time_range=P3660D"):
        answer = tenant.client.get(f"/v1/runs/stats{query}").json()
        assert set(answer["data"].values()) == {0}


@pytest.mark.parametrize("path", ["/v1/events", "/v1/streams/subscribe-with-event"])
def test_nothing_is_published_into_another_environments_stream(
    tenant: Tenant, theirs: Things, path: str
) -> None:
    body = {"event_type": "x", "event_data": 1, "stream_id": theirs["stream_id"]}
    before = whole(theirs)

    with asked(tenant.client, "POST", path, json=body) as answer:
        check_error(answer, 404, "not_found")
    assert whole(theirs) == before


def test_an_event_starts_no_run_in_another_environment(tenant: Tenant, theirs: Things) -> None:
    theirs_alone = Run.objects.filter(environment=theirs.tenant.env_id)
    before = theirs_alone.count()
    assert theirs.build.deployed

    tenant.publish()

    assert theirs_alone.count() == before


def test_an_environment_hears_nothing_of_another(tenant: Tenant, theirs: Things) -> None:
    with subscribed(tenant.client, "/v1/env/subscribe") as reader:
        theirs.tenant.publish("secret:sent")
        tenant.publish("own:sent")

        frames = reader.take(2)

    assert {frame.event for frame in frames} <= {"event:created", "stream:created"}
    assert {frame.data["env_id"] for frame in frames} == {str(tenant.env_id)}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stream_is_not_narrowed_by_another_environments_project(
    tenant: Tenant, things: Things, theirs: Things, method: str
) -> None:
    url = f"/v1/streams/{things['stream_id']}/subscribe"

    with asked(tenant.client, method, url, params={"project": theirs["project"]}) as answer:
        check_error(answer, 404, "not_found")
