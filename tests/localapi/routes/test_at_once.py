"""What several clients ask for in the same moment: each is answered, and no answer is a 5xx."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.localapi import archives
from tests.localapi.tenants import Tenant

CLIENTS = 8
Ask = Callable[[], httpx.Response]


def at_once(*asks: Ask) -> list[httpx.Response]:
    """Return the answers to questions that are all asked in one moment."""
    together = Barrier(len(asks))

    def asked(ask: Ask) -> httpx.Response:
        together.wait()
        return ask()

    with ThreadPoolExecutor(len(asks)) as clients:
        return list(clients.map(asked, asks))


@pytest.fixture
def client(tenant: Tenant) -> httpx.Client:
    """The client of them all, with its key: whoever asks for one again revokes the first."""
    return tenant.client


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def build() -> dict[str, Any]:
    content = archives.archive()
    return {
        "files": {"file": ("shop.hot.zip", content)},
        "data": {"hash": archives.sha256(content)},
    }


def test_a_project_that_many_make_is_one(client: httpx.Client) -> None:
    answers = at_once(*[lambda: client.post("/v1/projects", json={"name": "a"})] * CLIENTS)

    assert statuses(answers) == {201: CLIENTS}
    assert len({answer.json()["data"]["project_id"] for answer in answers}) == 1


def test_a_name_that_many_want_is_given_once(client: httpx.Client, tenant: Tenant) -> None:
    names = [f"p{n}" for n in range(CLIENTS)]
    for name in names:
        tenant.project(name)

    def rename(name: str) -> Ask:
        return lambda: client.patch(f"/v1/projects/{name}", json={"name": "best"})

    assert statuses(at_once(*map(rename, names))) == {200: 1, 409: CLIENTS - 1}


def test_a_variable_that_many_make_is_made_once(client: httpx.Client, tenant: Tenant) -> None:
    url = f"/v1/projects/{tenant.project()['project_id']}/context"
    body = {"key": "REGION", "value": '"eu"'}

    answers = at_once(*[lambda: client.post(url, json=body)] * CLIENTS)

    assert statuses(answers) == {201: 1, 409: CLIENTS - 1}


def test_a_variable_that_is_changed_while_it_is_deleted_is_one_or_the_other(
    client: httpx.Client, tenant: Tenant
) -> None:
    url = f"/v1/projects/{tenant.project()['project_id']}/context"
    for _ in range(5):
        client.post(url, json={"key": "REGION", "value": "1"})

        answers = at_once(
            *[lambda: client.put(f"{url}/REGION", json={"value": "2"})] * 3,
            *[lambda: client.delete(f"{url}/REGION")] * 3,
        )

        assert set(statuses(answers)) <= {200, 204, 404}
        assert statuses(answers)[204] == 1


@pytest.mark.parametrize("round", range(10))
def test_a_project_that_is_deleted_while_others_use_it_is_missing_to_them(
    client: httpx.Client, tenant: Tenant, round: int
) -> None:
    url = f"/v1/projects/{tenant.project()['name']}"

    answers = at_once(
        lambda: client.delete(url),
        lambda: client.delete(url),
        lambda: client.patch(url, json={"name": "shop"}),
        lambda: client.post(f"{url}/activate"),
        lambda: client.post(f"{url}/deactivate"),
        lambda: client.post(f"{url}/context", json={"key": "REGION", "value": "1"}),
        lambda: client.post("/v1/projects", json={"name": "shop"}),
        *[lambda: client.post(f"{url}/builds", **build()) for _ in range(2 if round % 2 else 0)],
    )

    assert set(statuses(answers)) <= {200, 201, 204, 404, 409}, [one.text for one in answers]


def test_a_build_that_is_sent_many_times_at_once_is_kept_once(
    client: httpx.Client, tenant: Tenant
) -> None:
    url = f"/v1/projects/{tenant.project()['project_id']}/builds"
    sent = build()
    sent["data"]["build_id"] = str(uuid4())

    answers = at_once(*[lambda: client.post(url, **sent)] * CLIENTS)

    assert statuses(answers) == {201: 1, 200: CLIENTS - 1}
    known = [answer for answer in answers if answer.status_code == 200]
    assert {answer.headers["x-build-exists"] for answer in known} <= {"true", "false"}
    kept = client.get(f"{url}/{sent['data']['build_id']}/download")
    assert kept.content == sent["files"]["file"][1]


def test_a_build_id_that_two_projects_send_belongs_to_one(
    client: httpx.Client, tenant: Tenant
) -> None:
    sent = build()
    sent["data"]["build_id"] = str(uuid4())
    urls = [f"/v1/projects/{tenant.project(name)['project_id']}/builds" for name in ("a", "b")]

    answers = at_once(*[lambda url=url: client.post(url, **sent) for url in urls])

    assert statuses(answers) == {201: 1, 409: 1}


def test_deployments_at_once_are_told_apart_and_the_last_one_stands(
    client: httpx.Client, tenant: Tenant
) -> None:
    url = f"/v1/projects/{tenant.project()['project_id']}/builds"
    ids = [client.post(url, **build()).json()["data"]["build_id"] for _ in range(4)]

    answers = at_once(*[lambda id=id: client.post(f"{url}/{id}/deploy") for id in ids])

    assert statuses(answers) == {200: len(ids)}
    sequences = {answer.json()["data"]["deployment_sequence"] for answer in answers}
    assert sequences == {1, 2, 3, 4}
    stand = {row["deployment_sequence"]: row for row in client.get(url).json()["data"]}
    assert stand[4]["runtime_status"] == "pending"
    assert {stand[n]["runtime_status"] for n in (1, 2, 3)} == {"superseded"}


def test_a_file_that_many_write_is_one_of_theirs(client: httpx.Client) -> None:
    def put(n: int) -> Ask:
        return lambda: client.put("/v1/files/upload/a.txt", content=f"{n % 3}" * 9)

    answers = at_once(*map(put, range(CLIENTS)))

    assert statuses(answers) == {200: CLIENTS}
    (file_id,) = {answer.json()["data"]["file_id"] for answer in answers}
    kept = client.get(f"/v1/files/{file_id}/download").text
    assert kept in {"0" * 9, "1" * 9, "2" * 9}


def test_an_upload_that_is_completed_and_aborted_at_once_is_one_of_both(
    client: httpx.Client,
) -> None:
    for _ in range(3):
        begun = client.post("/v1/files/uploads", json={"path": "a.bin"}).json()["data"]
        url = f"/v1/files/uploads/{begun['upload_id']}"
        client.put(f"{url}/1", content=b"first")

        answers = at_once(
            *[lambda url=url: client.post(f"{url}/complete")] * 2,
            *[lambda url=url: client.delete(url)] * 2,
        )

        assert statuses(answers)[409] == 3, [one.text for one in answers]
        assert set(statuses(answers)) <= {200, 204, 409}


def test_uploads_that_are_begun_at_once_are_counted_one_by_one(client: httpx.Client) -> None:
    def begin(n: int) -> Ask:
        return lambda: client.post("/v1/files/uploads", json={"path": f"{n}.bin"})

    answers = [answer for _ in range(3) for answer in at_once(*map(begin, range(CLIENTS)))]

    assert statuses(answers) == {201: 16, 409: 3 * CLIENTS - 16}


def test_a_part_that_is_sent_many_times_at_once_is_kept_once(client: httpx.Client) -> None:
    begun = client.post("/v1/files/uploads", json={"path": "a.bin"}).json()["data"]
    url = f"/v1/files/uploads/{begun['upload_id']}"

    answers = at_once(*[lambda: client.put(f"{url}/1", content=b"same")] * CLIENTS)

    assert statuses(answers) == {200: CLIENTS}
    assert client.post(f"{url}/complete").json()["data"]["size"] == len(b"same")


def test_events_at_once_into_one_new_stream_are_all_kept(client: httpx.Client) -> None:
    stream_id = str(uuid4())
    body = {"event_type": "order:placed", "event_data": 1, "stream_id": stream_id}

    answers = at_once(*[lambda: client.post("/v1/events", json=body)] * CLIENTS)

    assert statuses(answers) == {201: CLIENTS}
    listed = client.get("/v1/events", params={"stream_id": stream_id}).json()
    assert listed["pagination"]["total"] == CLIENTS


def test_a_domain_that_many_want_belongs_to_one(client: httpx.Client, stranger: Tenant) -> None:
    body = {"domain": f"{uuid4().hex}.example.com"}
    clients = [client, stranger.client] * 3

    answers = at_once(*[lambda one=one: one.post("/v1/domains", json=body) for one in clients])

    assert statuses(answers) == {201: 1, 409: len(clients) - 1}


def test_a_service_key_that_is_revoked_is_changed_no_more(client: httpx.Client) -> None:
    made = client.post("/v1/service-keys", json={"permissions": {}}).json()["data"]
    url = f"/v1/service-keys/{made['service_key_id']}"

    answers = at_once(
        *[lambda: client.patch(url, json={"metadata": {"team": "a"}})] * 4,
        lambda: client.delete(url),
    )

    assert set(statuses(answers)) <= {200, 204, 409}
    assert client.patch(url, json={"metadata": {}}).status_code == 409
