"""Custom domains: a name belongs to whoever can put a record beside it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.utils import timezone

from hotdash.localapi.models import Domain
from hotdash.localapi.runtime.housekeeping import tidy
from tests.localapi.server import serving
from tests.localapi.tenants import Tenant

DOMAINS = "/v1/domains"


def some_name() -> str:
    return f"api.{uuid4().hex}.example.com"


def create(tenant: Tenant, name: str | None = None) -> httpx.Response:
    return tenant.client.post(DOMAINS, json={"domain": name or some_name()})


def made(tenant: Tenant, name: str | None = None) -> dict[str, Any]:
    answer = create(tenant, name)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["data"])


def path(domain: dict[str, Any]) -> str:
    return f"{DOMAINS}/{domain['domain_id']}"


def verify(tenant: Tenant, domain: dict[str, Any]) -> dict[str, Any]:
    answer = tenant.client.post(f"{path(domain)}/verify")
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def status(tenant: Tenant, domain: dict[str, Any]) -> str:
    return str(tenant.client.get(path(domain)).json()["data"]["status"])


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file whose lines are the DNS."""
    return tmp_path_factory.mktemp("dns") / "records"


@pytest.fixture(scope="module")
def origin(data: Path, api: str, records: Path) -> Iterator[str]:
    """A server in a closed network."""
    with serving(data, HOTDASH_API_DNS_FILE=str(records)) as origin:
        yield origin


@pytest.fixture
def closed(there: Tenant, records: Path) -> Tenant:
    """A tenant of that server, with no record in its DNS."""
    records.write_text("")
    return there


def record_of(domain: dict[str, Any]) -> tuple[str, str]:
    (record,) = domain["dns_records"]
    assert (record["type"], record["purpose"]) == ("CNAME", "certificate_validation")
    return record["name"], record["value"]


def test_a_domain_waits_for_the_record_that_it_names(tenant: Tenant) -> None:
    name = some_name()
    domain = made(tenant, name.upper())

    assert list(domain) == [
        "domain_id", "env_id", "domain", "status", "dns_records", "created_at",
    ]  # fmt: skip
    assert (domain["domain"], domain["status"]) == (name, "pending_validation")
    assert domain["env_id"] == str(tenant.env_id)
    assert record_of(domain)[0] == f"_hotdash.{name}"
    assert tenant.client.get(path(domain)).json()["data"] == domain
    assert tenant.client.get(DOMAINS).json()["data"] == [domain]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "has no dot"),
        ("localhost", "has no dot"),
        ("https://api.example.com", "is an address"),
        ("api.example.com/v1", "is an address"),
        ("api.example.com.", "ends with a dot"),
        ("*.example.com", "is a wildcard"),
        ("127.0.0.1", "is an IP address"),
        ("a_b.example.com", "has the part 'a_b'"),
        ("-a.example.com", "has the part '-a'"),
        ("a-.example.com", "has the part 'a-'"),
        ("a..example.com", "has the part ''"),
        ("api.example.com:443", "has the part 'com:443'"),
        (f"{'a' * 64}.example.com", "has the part 'aaa"),
        ("a." * 130 + "com", "is longer than 244 characters"),
        ("\u212aelvin.example.com", "holds letters outside of a-z"),
        ("b\u00fccher.example.com", "holds letters outside of a-z"),
    ],
)
def test_what_is_no_domain_is_refused_in_words(tenant: Tenant, name: str, reason: str) -> None:
    answer = tenant.client.post(DOMAINS, json={"domain": name})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert answer.json()["error"]["message"].startswith(f"The domain {reason}")


@pytest.mark.parametrize("body", [{}, {"domain": None}, {"domain": 1}, {"domain": "a\0.example"}])
def test_a_domain_of_the_wrong_shape_is_unprocessable(tenant: Tenant, body: Any) -> None:
    assert tenant.client.post(DOMAINS, json=body).status_code == 422


def test_a_name_is_taken_for_everybody(tenant: Tenant, stranger: Tenant) -> None:
    name = some_name()
    made(tenant, name)

    for other in (tenant, stranger):
        answer = create(other, name.upper())
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "domain_exists")


def test_a_domain_is_validated_when_its_record_is_right(closed: Tenant, records: Path) -> None:
    domain = made(closed)
    name, value = record_of(domain)

    missing = verify(closed, domain)
    assert list(missing) == ["domain_id", "domain", "status", "message"]
    assert missing["status"] == "pending_validation"
    assert (
        missing["message"] == f"The CNAME record {name} is not there yet. It has to name {value}."
    )

    records.write_text(f"{name} other.example.com\n")
    wrong = verify(closed, domain)
    assert wrong["status"] == "pending_validation"
    assert "names other.example.com. It has to name" in wrong["message"]

    records.write_text(f"{name}   {value.upper()}.\n")
    right = verify(closed, domain)
    assert right["status"] == "validated"
    assert "no certificate" in right["message"]
    again = closed.client.get(path(domain)).json()["data"]
    assert (again["status"], again["verified_at"][-1]) == ("validated", "Z")


def test_a_validated_domain_stays_so_and_is_never_active(closed: Tenant, records: Path) -> None:
    domain = made(closed)
    records.write_text(" ".join(record_of(domain)))
    verify(closed, domain)
    records.write_text("")

    assert verify(closed, domain)["status"] == "validated"
    assert status(closed, domain) == "validated"


def test_one_domains_record_validates_no_other(closed: Tenant, records: Path) -> None:
    ours, theirs = made(closed), made(closed)
    records.write_text(f"{record_of(ours)[0]} {record_of(theirs)[1]}\n")

    assert verify(closed, ours)["status"] == "pending_validation"


def test_a_dns_that_cannot_be_asked_changes_nothing(closed: Tenant, records: Path) -> None:
    domain = made(closed)
    records.unlink()

    answer = verify(closed, domain)

    assert answer["status"] == "pending_validation"
    assert answer["message"].startswith("The DNS could not be asked: ")


def test_a_deleted_domain_is_listed_until_its_name_is_free(tenant: Tenant) -> None:
    name = some_name()
    domain = made(tenant, name)

    assert tenant.client.delete(path(domain)).status_code == 204
    assert tenant.client.delete(path(domain)).status_code == 204

    assert status(tenant, domain) == "pending_deletion"
    assert verify(tenant, domain)["status"] == "pending_deletion"
    answer = create(tenant, name)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "domain_pending_deletion")
    two_hours_ago = timezone.now() - timedelta(hours=2)
    Domain.objects.filter(pk=domain["domain_id"]).update(deleted_at=two_hours_ago)
    tidy(3600)
    assert tenant.client.get(path(domain)).status_code == 404
    assert made(tenant, name)["dns_records"] != domain["dns_records"]


def test_domains_are_listed_newest_first_in_pages(tenant: Tenant) -> None:
    ids = [made(tenant)["domain_id"] for _ in range(3)]

    answer = tenant.client.get(f"{DOMAINS}?limit=2").json()

    assert [row["domain_id"] for row in answer["data"]] == [ids[2], ids[1]]
    assert answer["pagination"] == {"total": 3, "limit": 2, "offset": 0, "has_more": True}


def test_another_environment_sees_and_changes_none_of_it(tenant: Tenant, stranger: Tenant) -> None:
    domain = made(stranger)

    for method, address in (
        ("GET", path(domain)),
        ("DELETE", path(domain)),
        ("POST", f"{path(domain)}/verify"),
    ):
        answer = tenant.client.request(method, address)
        assert answer.status_code == 404
        assert answer.json()["error"]["message"] == "Domain not found"
    assert tenant.client.get(DOMAINS).json()["data"] == []
    assert status(stranger, domain) == "pending_validation"
