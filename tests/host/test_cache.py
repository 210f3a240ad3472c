"""The shared cache in Redis: it counts sign-in attempts and holds nothing but JSON."""

import json
import pickle
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django.fixtures import Settings
from redis import Redis

from hotdash.host import cache
from hotdash.host.environment import MissingSetting
from tests.cast import PASSWORD, Cast
from tests.guard.serving import dashboard
from tests.reading import heading, said
from tests.redis_server import redis_server


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def shared(redis_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Redis:
    """Let the dashboard use Redis; give what looks into it past Django."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    settings.CACHES = {"default": cache.backend()}
    looking = Redis.from_url(redis_url)
    looking.flushdb()
    return looking


def test_without_a_redis_the_database_is_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert cache.backend()["BACKEND"].endswith("DatabaseCache")


@pytest.mark.parametrize("url", ["localhost:6379", "http://localhost", "memcache://localhost"])
def test_an_address_that_is_none_is_refused_without_showing_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(MissingSetting, match="REDIS_URL must begin with redis://") as refusal:
        cache.backend()
    assert url not in str(refusal.value)


@pytest.mark.redis
def test_wrong_passwords_are_counted_there(cast: Cast, shared: Redis) -> None:
    cast.mia.set_password(PASSWORD)
    cast.mia.save()
    for _ in range(5):
        wrong = {"login": cast.mia.email, "password": "wrong"}
        assert Client().post("/accounts/login/", wrong).status_code == 422
    right = {"login": cast.mia.email, "password": PASSWORD}
    answer = Client().post("/accounts/login/", right)
    assert answer.status_code in {422, 429}
    assert shared.dbsize() > 0
    shared.flushdb()
    assert Client().post("/accounts/login/", right).status_code == 302


@pytest.mark.redis
@pytest.mark.parametrize("value", [1, True, None, 1.5, "text", [1.5, 2.5], {"a": ["b"]}])
def test_a_value_comes_back_equal_and_lies_there_as_json(shared: Redis, value: object) -> None:
    caches["default"].set("name", value, 60)
    assert caches["default"].get("name", "absent") == value
    (key,) = shared.keys()
    assert key == b"hotdash:1:name"
    assert json.loads(shared.get(key) or b"") == value


@pytest.mark.redis
def test_a_pickle_that_somebody_put_there_is_not_executed(shared: Redis, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "sprung",)

    shared.set("hotdash:1:name", pickle.dumps(Trap()))
    with pytest.raises(ValueError, match="decode"):
        caches["default"].get("name")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.redis
def test_a_cache_that_went_away_makes_the_dashboard_unready_and_is_not_named(
    tmp_path: Path,
) -> None:
    with ExitStack() as server:
        url = server.enter_context(redis_server())
        with dashboard(tmp_path, {"REDIS_URL": url}) as running:
            assert running.page("/readyz") == "ready\n"
            server.close()
            assert running.page("/readyz") == "The cache does not answer.\n"
            assert running.page("/healthz") == "ok\n"


@pytest.mark.redis
def test_nobody_signs_in_uncounted_and_who_is_signed_in_works_on(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.mia.set_password(PASSWORD)
    cast.mia.save()
    inside, outside = cast.browser(cast.mia), Client(raise_request_exception=False)
    with redis_server() as url:
        monkeypatch.setenv("REDIS_URL", url)
        settings.CACHES = {"default": cache.backend()}
        assert caches["default"].get("nothing") is None
    right = {"login": cast.mia.email, "password": PASSWORD}
    answer = outside.post("/accounts/login/", right)
    assert answer.status_code == 503
    assert heading(answer) == "hotdash cannot count tries at the moment"
    assert url.rpartition(":")[2] not in said(answer)
    assert "hotdash_session" not in outside.cookies
    assert outside.get("/accounts/login/").status_code == 200
    assert inside.get("/account/").status_code == 200
