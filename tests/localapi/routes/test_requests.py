"""What is read of every request, shown by those for projects: JSON bodies, pages, queries."""

from typing import Any

import pytest

from hotdash.localapi.models import Project
from tests.localapi.tenants import Tenant


@pytest.mark.parametrize("body", [{}, {"name": None}, {"name": 7}, {"name": ["x"]}, [], "x"])
def test_a_body_of_the_wrong_shape_is_unprocessable(tenant: Tenant, body: Any) -> None:
    answer = tenant.client.post("/v1/projects", json=body)

    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "unprocessable_entity"


def test_a_name_that_no_database_keeps_is_unprocessable(tenant: Tenant) -> None:
    answer = tenant.client.post("/v1/projects", json={"name": "a\0b"})

    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "name: holds a NUL character"


@pytest.mark.parametrize(
    "written", ["{", '{"name": }', "{} {}", '{"name": NaN}', "\xff", "[" * 99999]
)
def test_a_body_that_is_no_json_is_a_bad_request(tenant: Tenant, written: str) -> None:
    answer = tenant.client.post(
        "/v1/projects",
        content=written.encode("latin-1"),
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"
    assert not Project.objects.filter(environment=tenant.env_id).exists()


def test_what_is_wrong_is_said_in_words_of_json(tenant: Tenant) -> None:
    answer = tenant.client.post("/v1/sessions", json={"permissions": []})

    assert answer.json()["error"]["message"] == "permissions: Input should be a valid object"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (f'{{"name": {"9" * 5000}}}', "a number has more than 4,300 digits"),
        ('{"name": Infinity}', "Infinity is no JSON value"),
        ("\ufeff{}", "Expecting value at line 1 column 1"),
        ("{'name': 'x'}", "Expecting property name enclosed in double quotes at line 1 column 2"),
    ],
)
def test_what_is_no_json_is_said_in_words_of_json(
    tenant: Tenant, written: str, sentence: str
) -> None:
    answer = tenant.client.post(
        "/v1/projects", content=written.encode(), headers={"Content-Type": "application/json"}
    )

    assert answer.json()["error"]["message"] == f"The body is not valid JSON: {sentence}"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_does_not_say_it_is_json_is_refused(tenant: Tenant, kind: str) -> None:
    answer = tenant.client.post(
        "/v1/projects", content=b'{"name": "shop"}', headers={"Content-Type": kind}
    )

    assert answer.status_code == 415
    assert answer.json()["error"]["code"] == "unsupported_media_type"


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/hal+json"])
def test_every_kind_of_json_is_read(tenant: Tenant, kind: str) -> None:
    answer = tenant.client.post(
        "/v1/projects", content=b'{"name": "shop"}', headers={"Content-Type": kind}
    )

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("query", "found", "limit"),
    [
        ({}, 3, 20),
        ({"limit": 2}, 2, 2),
        ({"limit": 0}, 1, 1),
        ({"limit": -5}, 1, 1),
        ({"limit": 100000}, 3, 500),
        ({"offset": -1}, 3, 20),
        ({"offset": 2}, 1, 20),
        ({"offset": 100000}, 0, 20),
        ({"colour": "red"}, 3, 20),
    ],
)
def test_limits_are_clamped_without_a_word(
    tenant: Tenant, query: dict[str, Any], found: int, limit: int
) -> None:
    for name in ("one", "two", "three"):
        tenant.project(name)

    answer = tenant.client.get("/v1/projects", params=query).json()

    assert len(answer["data"]) == found
    offset = query.get("offset", 0)
    assert answer["pagination"] == {
        "total": 3,
        "limit": limit,
        "offset": offset,
        "has_more": offset + limit < 3,
    }


def test_what_holds_too_much_to_be_meant_is_said_to(tenant: Tenant) -> None:
    tenant.project("shop")
    url = "/v1/projects/shop/builds"
    answers = (
        tenant.client.get(f"/v1/projects?{'&'.join(str(n) for n in range(1001))}"),
        tenant.client.post(url, data={f"f{n}": "x" for n in range(1001)}, files={"file": b"x"}),
        tenant.client.post(url, files=[(f"f{n}", b"x") for n in range(101)]),
    )

    for answer in answers:
        assert answer.status_code == 400
        assert "more than 1,000 parameters" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "query", ["limit=abc", "limit=", "limit=1.5", "offset=x", f"offset={2**63}", "limit=1&limit=2"]
)
def test_a_query_that_means_nothing_is_a_bad_request(tenant: Tenant, query: str) -> None:
    answer = tenant.client.get(f"/v1/projects?{query}")

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"
