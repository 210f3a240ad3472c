"""Under which names hotdash answers."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.reading import said

LOGIN = "/accounts/login/"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:4680"])
def test_this_machine_is_answered(db: None, host: str) -> None:
    assert Client(headers={"Host": host}).get(LOGIN).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.test", "localhost.evil.test", "192.168.1.7", "evil.test:4680", "a b", ""]
)
def test_any_other_name_is_a_400_that_names_the_setting(db: None, host: str) -> None:
    for address in (LOGIN, "/", "/healthz", "/static/none.css", "/acme/staging/runs/"):
        response = Client(headers={"Host": host}).get(address)
        assert response.status_code == 400
        assert "HOTDASH_PUBLIC_URL" in said(response)


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port"],
)
def test_in_local_mode_a_proxys_header_is_a_400_that_names_the_setting(
    db: None, header: str
) -> None:
    response = Client(headers={"Host": "localhost", header: "192.0.2.1"}).get(LOGIN)
    assert response.status_code == 400
    assert "HOTDASH_PUBLIC_URL" in said(response)


@pytest.fixture
def public(settings: Settings) -> None:
    settings.IS_PUBLIC = True
    settings.ALLOWED_HOSTS = ["hot.example"]
    settings.TRUSTED_PROXIES = 1


def test_in_production_only_the_public_name_is_answered(db: None, public: None) -> None:
    assert Client(headers={"Host": "hot.example"}).get(LOGIN).status_code == 200
    response = Client(headers={"Host": "localhost"}).get(LOGIN)
    assert response.status_code == 400
    assert "the address in HOTDASH_PUBLIC_URL" in said(response)


def test_in_production_a_proxy_may_say_for_whom_it_asks(db: None, public: None) -> None:
    headers = {"Host": "hot.example", "X-Forwarded-For": "192.0.2.1"}
    assert Client(headers=headers).get(LOGIN).status_code == 200


def test_a_name_that_a_proxy_forwards_is_never_believed(db: None, public: None) -> None:
    headers = {"Host": "localhost", "X-Forwarded-Host": "hot.example"}
    assert Client(headers=headers).get(LOGIN).status_code == 400
