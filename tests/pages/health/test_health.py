"""What machines are told: alive as long as it answers, ready only when it can do its work."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from hotdash.gateway.slots import PER_ENVIRONMENT, taken
from hotdash.orgs.models import Environment
from tests.cast import Cast
from tests.guard.serving import Dashboard, dashboard
from tests.postgres import postgres_server
from tests.upstream import FakeUpstream


@pytest.fixture
def embedded(cast: Cast, upstream: FakeUpstream) -> Environment:
    """An environment of the embedded API, which answers as it does to a key that it never gave."""
    environment = cast.environment()
    environment.is_embedded, environment.base_url = True, ""
    environment.save()
    upstream.refuse("/env", 401, "unauthorized", "This API key is unknown or was revoked.")
    return environment


def asked(path: str) -> tuple[int, str]:
    """Status and words of an answer to nobody in particular."""
    response = Client().get(path)
    assert response["Content-Type"] == "text/plain"
    return response.status_code, response.content.decode()


def test_alive_says_ok_and_asks_nothing(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert asked("/healthz") == (200, "ok\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_looking_is_allowed(db: None, path: str) -> None:
    assert Client().head(path).status_code == 200
    assert Client().post(path).status_code == 405


def test_ready_without_an_embedded_api_asks_no_other_server(
    cast: Cast, upstream: FakeUpstream
) -> None:
    assert asked("/readyz") == (200, "ready\n")
    assert upstream.calls == []


def test_ready_with_an_embedded_api_that_looks_into_its_database(
    embedded: Environment, upstream: FakeUpstream
) -> None:
    assert asked("/readyz") == (200, "ready\n")
    assert [call.path for call in upstream.calls] == ["/env"]


def test_pages_that_wait_for_slow_answers_do_not_make_it_unready(embedded: Environment) -> None:
    with ExitStack() as stack:
        for _ in range(PER_ENVIRONMENT):
            stack.enter_context(taken(str(embedded.pk)))
        assert asked("/readyz") == (200, "ready\n")


@pytest.mark.parametrize("error", [httpx.ConnectError(""), httpx.ReadTimeout("")])
def test_an_embedded_api_that_does_not_answer_is_said(
    embedded: Environment, upstream: FakeUpstream, error: Exception
) -> None:
    upstream.fail("/env", error)
    assert asked("/readyz") == (503, "The embedded Hot API does not answer.\n")


def test_an_embedded_api_without_its_database_is_said_and_none_of_its_words(
    embedded: Environment, upstream: FakeUpstream
) -> None:
    upstream.refuse("/env", 500, "internal_server_error", "no such table: api_key")
    said = (503, "The embedded Hot API answers, but cannot do its work.\n")
    assert asked("/readyz") == said


def test_migrations_that_are_not_applied_are_counted(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
        (removed,) = cursor.execute("SELECT changes()").fetchone()
    assert removed > 0
    status, words = asked("/readyz")
    assert status == 503
    assert words.startswith(f"Migrations that the dashboard's database lacks: {removed}.")


@pytest.fixture
def bereft(tmp_path: Path) -> Iterator[Dashboard]:
    """A dashboard whose Postgres has gone away since it started."""
    with ExitStack() as database:
        url = database.enter_context(postgres_server())
        with dashboard(tmp_path, {"DATABASE_URL": url}) as running:
            assert running.ask("/readyz").status == 200
            database.close()
            yield running


@pytest.mark.postgres
def test_a_database_that_went_away_is_said_without_its_address(bereft: Dashboard) -> None:
    assert bereft.ask("/healthz").status == 200
    for _ in range(2):
        assert bereft.ask("/readyz").status == 503
    assert bereft.page("/readyz") == "The dashboard's database does not answer.\n"


def test_a_database_that_lost_a_table_is_said_without_its_name(tmp_path: Path) -> None:
    with dashboard(tmp_path, {}) as running:
        with closing(sqlite3.connect(tmp_path / "hotdash.sqlite3")) as file:
            file.execute("DROP TABLE environment")
        assert running.page("/readyz") == "The dashboard's database does not answer.\n"
        assert running.page("/healthz") == "ok\n"
