"""How many requests a second a credential may send, where a setting says so."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hotdash.localapi.credentials.rates import Window
from tests.localapi.server import serving
from tests.localapi.tenants import Tenant


@pytest.fixture(scope="module")
def origin(data: Path, api: str) -> Iterator[str]:
    """A server that answers each credential once a second."""
    with serving(data, HOTDASH_API_RATE="1") as origin:
        yield origin


def hurry(client: httpx.Client) -> httpx.Response:
    """Ask until it was too fast."""
    answers = (client.get("/v1/env") for _ in range(200))
    return next(answer for answer in answers if answer.status_code != 200)


def test_who_asks_too_fast_is_told_to_wait(there: Tenant) -> None:
    answer = hurry(there.client)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    error = answer.json()["error"]
    assert (error["code"], error["retry_after"]) == ("rate_limit_exceeded", 1)
    assert "1 requests a second" in error["message"]


def test_each_credential_is_counted_for_itself(there: Tenant) -> None:
    hurry(there.client)

    assert there.may({"env:*": ["read"]}).get("/v1/env").status_code == 200


def test_the_operator_is_not_counted(there: Tenant) -> None:
    answers = [there.operator.client.get("/v1/envs").status_code for _ in range(20)]

    assert set(answers) == {200}


def test_without_a_setting_nobody_is_counted(tenant: Tenant) -> None:
    assert {tenant.client.get("/v1/env").status_code for _ in range(50)} == {200}


@pytest.mark.parametrize(
    ("times", "admitted"),
    [
        ([0.0, 0.1, 0.2], [True, True, False]),
        ([0.0, 0.9, 1.0, 1.1, 2.0], [True, True, True, False, True]),
        ([0.0, 0.0, 0.5, 0.9, 1.0, 1.0, 1.0], [True, True, False, False, True, True, False]),
    ],
)
def test_two_are_admitted_within_any_second(times: list[float], admitted: list[bool]) -> None:
    window = Window(2)

    assert [window.admits(now) for now in times] == admitted
