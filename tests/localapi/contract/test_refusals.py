"""What each line refuses, and how: no key, no right, no such object, a body that is none."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.localapi.contract.answers import check_error
from tests.localapi.contract.lines import Line, asked, everything_but
from tests.localapi.contract.served import PREFIXES
from tests.localapi.contract.table import TABLE
from tests.localapi.contract.things import Things
from tests.localapi.tenants import Operator, Tenant

WRONG = {"str": 7, "int": "x", "uuid": "no-uuid", "map": [], "any": None}
VARIABLES = {"key", "env_key"}
LINES = TABLE
GIVEN = {
    "sessions": {"*:*": ["*"]},
    "service-keys": {"stream:*": ["*"], "event:*": ["*"], "run:*": ["*"]},
}
WITH_BODY = [line for line in LINES if line.wants]
HOLES = [(line, hole) for line in LINES for hole in line.objects]
PERMITTED = [(line, each) for line in LINES for each in line.permissions]


def wrong_bodies(line: Line) -> list[tuple[str, Any]]:
    """Return what is wrong with a body, and that body."""
    good = line.body
    yielded: list[tuple[str, Any]] = [("no object", []), ("no object either", "text")]
    for field in line.wants or ():
        without = {name: value for name, value in good.items() if name != field.name}
        if not field.may_be_absent:
            yielded.append((f"no {field.name}", without))
        if field.kind != "any":
            yielded.append((f"wrong {field.name}", good | {field.name: WRONG[str(field.kind)]}))
    return yielded


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("line", LINES, ids=str)
def test_nobody_is_answered_without_a_key(
    anyone: httpx.Client, things: Things, line: Line, prefix: str
) -> None:
    with asked(anyone, line.method, f"{prefix}{unknown(line)}") as answer:
        check_error(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("line", "permission"), PERMITTED, ids=str)
def test_a_key_that_may_all_but_this_is_refused(
    tenant: Tenant, things: Things, line: Line, permission: tuple[str, str]
) -> None:
    client = tenant.may(everything_but(*permission))
    url, sent = f"/v1{things.filled(line.path)}", line.sent(things)
    before = seen(things)

    with asked(client, line.method, url, **sent) as answer:
        check_error(answer, 403, "forbidden")
    assert seen(things) == before


@pytest.mark.parametrize("line", [line for line in LINES if line.is_operators], ids=str)
def test_what_is_the_operators_is_refused_to_every_key(
    tenant: Tenant, things: Things, line: Line
) -> None:
    url = f"/v1{things.filled(line.path)}"
    check_error(tenant.client.request(line.method, url, **line.sent(things)), 403, "forbidden")


@pytest.mark.parametrize("line", [line for line in LINES if not line.is_operators], ids=str)
def test_the_operator_may_nothing_else(operator: Operator, things: Things, line: Line) -> None:
    with asked(operator.client, line.method, f"/v1{unknown(line)}", **line.sent(things)) as answer:
        check_error(answer, 403, "forbidden")


@pytest.mark.parametrize(("noun", "permissions"), GIVEN.items(), ids=GIVEN)
@pytest.mark.parametrize("line", [line for line in LINES if not line.is_operators], ids=str)
def test_what_a_key_gives_away_opens_no_more_than_the_contract_says(
    tenant: Tenant, things: Things, line: Line, noun: str, permissions: dict[str, list[str]]
) -> None:
    given = tenant.client.post(f"/v1/{noun}", json={"permissions": permissions}).json()["data"]
    client = tenant.operator.with_token(given["token"])
    url, sent = f"/v1{things.filled(line.path)}", line.sent(things)
    for need in line.needs:
        assert things[need]

    with asked(client, line.method, url, **sent) as answer:
        if line.is_for_any:
            assert answer.status_code == line.answer.status, answer.text
        else:
            check_error(answer, 403, "forbidden")


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(("line", "hole"), HOLES, ids=str)
def test_what_does_not_exist_is_not_found(
    full: httpx.Client, things: Things, line: Line, hole: str, prefix: str
) -> None:
    for nothing in [str(uuid4())] + (["nowhere"] if hole == "project" else []):
        url = prefix + things.filled(line.path.replace(f"{{{hole}}}", nothing))
        with asked(full, line.method, url, **line.sent(things)) as answer:
            check_error(answer, 404, "not_found")


@pytest.mark.parametrize("line", [line for line in LINES if VARIABLES & set(line.holes)], ids=str)
def test_a_variable_that_does_not_exist_is_not_found(
    full: httpx.Client, things: Things, line: Line
) -> None:
    url = f"/v1{things.filled(re.sub('{(env_)?key}', 'NOWHERE', line.path))}"
    check_error(full.request(line.method, url, **line.sent(things)), 404, "not_found")


@pytest.mark.parametrize(
    ("line", "hole"), [(line, hole) for line, hole in HOLES if hole != "project"], ids=str
)
def test_what_is_no_id_is_a_bad_request(
    full: httpx.Client, things: Things, line: Line, hole: str
) -> None:
    url = f"/v1{things.filled(line.path.replace(f'{{{hole}}}', 'no-uuid'))}"
    with asked(full, line.method, url, **line.sent(things)) as answer:
        check_error(answer, 400, "bad_request")


@pytest.mark.parametrize("line", WITH_BODY, ids=str)
def test_a_body_that_does_not_say_it_is_json_is_not_read(
    full: httpx.Client, things: Things, line: Line
) -> None:
    url = f"/v1{things.filled(line.path)}"
    for kind, content in (("text/plain", b"{}"), ("application/jsonp", b"{}"), ("", b"")):
        headers = {"Content-Type": kind} if kind else {}
        with asked(full, line.method, url, content=content, headers=headers) as answer:
            check_error(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("line", WITH_BODY, ids=str)
def test_a_body_that_is_no_json_is_a_bad_request(
    full: httpx.Client, things: Things, line: Line
) -> None:
    url = f"/v1{things.filled(line.path)}"
    headers = {"Content-Type": "application/json"}
    for content in (b"", b"{", b"{} {}", b"{'name': 'x'}", b"\xff", b'{"a": NaN}'):
        with asked(full, line.method, url, content=content, headers=headers) as answer:
            check_error(answer, 400, "bad_request")


@pytest.mark.parametrize("line", WITH_BODY, ids=str)
def test_a_body_of_another_shape_cannot_be_used(
    full: httpx.Client, things: Things, line: Line
) -> None:
    url = f"/v1{things.filled(line.path)}"
    for trouble, body in wrong_bodies(line):
        with asked(full, line.method, url, json=things.filled(body)) as answer:
            assert answer.status_code == 422, f"{trouble}: {answer.text}"
            check_error(answer, 422, "unprocessable_entity")


def unknown(line: Line) -> str:
    """Return the path of objects that nobody has."""
    path = line.path
    for hole in line.holes:
        path = path.replace(f"{{{hole}}}", "1" if hole == "part_number" else str(uuid4()))
    return path


def seen(things: Things) -> list[Any]:
    """Return what the environment's lists show."""
    client = things.tenant.client
    return [client.get(f"/v1/{noun}").json()["data"] for noun in ("projects", "builds", "events")]
