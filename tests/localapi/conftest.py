"""What every test of the embedded API may ask for.

The test database is a file that the served API shares. Tests over the socket write rows that it
must see, so they use `stored`, never pytest-django's transactions; each keeps to an environment of
its own, and nothing is cleaned up between them.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from hotdash.localapi import sharing
from hotdash.localapi.credentials import operator_key
from tests.localapi.server import serving
from tests.localapi.tenants import NO_TLS, Operator, Tenant


def pytest_configure() -> None:
    """Keep tests out of the data directory, and put the test database where a server finds it."""
    place = Path(tempfile.mkdtemp(prefix="hotdash-localapi-"))
    django_settings.DATA_DIR = django_settings.FILES_DIR = place
    django_settings.FILE_UPLOAD_TEMP_DIR = place / "incoming"
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["NAME"] = str(place / "api.sqlite3")
        database.setdefault("TEST", {})["NAME"] = database["NAME"]


@pytest.fixture(scope="session")
def data() -> Path:
    """The data directory of this test session."""
    return Path(django_settings.DATA_DIR)


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The tables: pytest-django makes them only where a test carries its mark."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        sharing.adopt()  # a Postgres may have served another session, with another directory


@pytest.fixture(scope="session")
def api(data: Path, tables: None) -> Iterator[str]:
    """The origin of an embedded API that serves the test database; no worker runs."""
    with serving(data) as origin:
        yield origin


@pytest.fixture
def stored(django_db_blocker: DjangoDbBlocker, tables: None) -> Iterator[None]:
    """Rows that are written in the test are there for the server at once."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def anyone(api: str) -> Iterator[httpx.Client]:
    """A client without a key."""
    with httpx.Client(base_url=api, trust_env=False, verify=NO_TLS) as client:
        yield client


@pytest.fixture
def operator(api: str, stored: None) -> Iterator[Operator]:
    """Whoever holds the operator key."""
    token = operator_key.ensure().read_text()
    with Operator(api, token) as holder:
        yield holder


@pytest.fixture
def tenant(operator: Operator) -> Tenant:
    """An environment of its own for this test, with a key that may do everything."""
    return operator.tenant(uuid4())


@pytest.fixture
def stranger(operator: Operator) -> Tenant:
    """Another organization's environment."""
    return operator.tenant(uuid4())
