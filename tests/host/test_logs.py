"""What a log line may hold."""

import json
import logging
import logging.config
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from hotdash.host import logs
from hotdash.host.access_log import AccessLog

LINK = "/accounts/password/reset/key/1-abc-secret/"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator["Lines"]:
    """The lines written from here on, under a fresh configuration; the former one is put back."""
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield Lines(capsys)
    root.handlers[:], root.level = handlers, level
    structlog.configure(**before)


class Lines:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def configure(self) -> None:
        logging.config.dictConfig(logs.configuration())

    def read(self) -> list[str]:
        return self._capsys.readouterr().err.splitlines()


def test_a_value_cannot_pose_as_a_line_of_its_own(lines: Lines) -> None:
    lines.configure()
    forged = 'a\r\n{"level":"error"}\u2028level=error'
    logging.getLogger("hotdash.test").warning("event %s", forged)
    (line,) = lines.read()
    assert line.startswith("level=warning logger=hotdash.test event=")
    assert "\u2028" not in line


def test_production_writes_json(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTDASH_PUBLIC_URL", "https://hot.example")
    lines.configure()
    structlog.stdlib.get_logger("hotdash.test").info("done", status=200)
    (line,) = lines.read()
    assert json.loads(line)["status"] == 200


def test_a_long_value_is_cut(lines: Lines) -> None:
    lines.configure()
    logging.getLogger("hotdash.test").warning("x" * 5_000)
    assert len(lines.read()[0]) < 400


def test_the_http_client_never_writes_addresses_or_cookies(lines: Lines) -> None:
    lines.configure()
    for name in ("httpx", "httpcore.http11"):
        logging.getLogger(name).info("GET https://hot.example/v1/env Set-Cookie: a=b")
        logging.getLogger(name).debug("GET https://hot.example/v1/env Set-Cookie: a=b")
    assert lines.read() == []


def test_django_names_the_route_where_it_would_name_a_path(lines: Lines) -> None:
    lines.configure()
    request = SimpleNamespace(path=LINK, resolver_match=SimpleNamespace(view_name="account_reset"))
    logging.getLogger("django.request").error(
        "%s: %s", "Internal Server Error", LINK, extra={"request": request, "status_code": 500}
    )
    (line,) = lines.read()
    assert "account_reset" in line
    assert "secret" not in line


def test_the_access_log_names_the_route_and_no_path_or_query(lines: Lines) -> None:
    lines.configure()
    request = RequestFactory().get(LINK, {"status": "failed"})
    request.resolver_match = ResolverMatch(HttpResponse, (), {}, url_name="account_reset")
    AccessLog(lambda _: HttpResponse(status=302))(request)
    (line,) = lines.read()
    assert "route=account_reset" in line
    assert "status=302" in line
    assert "secret" not in line
    assert "failed" not in line


def test_a_request_that_took_no_route_is_written_as_such(lines: Lines) -> None:
    lines.configure()
    AccessLog(lambda _: HttpResponse(status=404))(RequestFactory().get("/x"))
    assert "route=unrouted" in lines.read()[0]
