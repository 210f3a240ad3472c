"""Every route that is served has a line, and answers as it says, under both prefixes."""

import httpx
import pytest

from tests.localapi.contract.answers import check_error
from tests.localapi.contract.lines import Line, asked
from tests.localapi.contract.served import PREFIXES, methods_of, nameless, versioned
from tests.localapi.contract.table import PUBLIC, TABLE
from tests.localapi.contract.things import Things
from tests.localapi.tenants import Operator, Tenant

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WRONG = [
    (method, path)
    for path in sorted({line.path for line in TABLE})
    for method in METHODS
    if method not in methods_of(path)
]


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    assert versioned() == {(line.method, nameless(line.path)) for line in TABLE}


def test_no_route_has_two_lines() -> None:
    assert len(TABLE) == len({(line.method, nameless(line.path)) for line in TABLE})


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("line", TABLE, ids=str)
def test_a_route_answers_whoever_may_just_this(
    tenant: Tenant, operator: Operator, line: Line, prefix: str
) -> None:
    client = operator.client if line.is_operators else tenant.may(line.least)
    things = Things(tenant, client)
    for need in line.needs:
        assert things[need]

    url = f"{prefix}{things.filled(line.path)}"
    with asked(client, line.method, url, **line.sent(things)) as answer:
        assert answer.status_code == line.answer.status, answer.text
        line.answer.check(answer)


@pytest.mark.parametrize("line", PUBLIC, ids=str)
def test_whoever_asks_is_told_who_answers(anyone: httpx.Client, line: Line) -> None:
    answer = anyone.get(line.path)

    assert answer.status_code == line.answer.status
    line.answer.check(answer)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(("method", "path"), WRONG)
def test_a_method_that_is_not_served_is_refused_with_those_that_are(
    tenant: Tenant, prefix: str, method: str, path: str
) -> None:
    served = methods_of(path)
    url = f"{prefix}{path}".replace("{", "").replace("}", "")

    answer = tenant.client.request(method, url)

    check_error(answer, 405, "method_not_allowed")
    allowed = sorted(served | ({"HEAD"} if "GET" in served else set()))
    assert answer.headers["Allow"] == ", ".join(allowed)
