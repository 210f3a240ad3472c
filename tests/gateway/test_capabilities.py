import time

import httpx
import pytest

from hotdash.gateway import known
from hotdash.gateway.capabilities import EXTENSIONS, get_capabilities
from hotdash.gateway.errors import BadAnswer, NoAnswer
from hotdash.gateway.runs import get_run_stats
from hotdash.gateway.status import get_status
from tests import samples
from tests.upstream import FakeUpstream, Seen, gateway, status


def test_the_embedded_api_tells_its_extensions(upstream: FakeUpstream) -> None:
    offered = get_capabilities(gateway())
    assert offered.extensions == set(EXTENSIONS)
    assert offered.has_trace
    assert offered.has_stream_filter
    assert offered.generation == "current"


def test_the_platform_has_none_and_no_trace(upstream: FakeUpstream) -> None:
    upstream.extensions = ()
    offered = get_capabilities(gateway())
    assert (offered.extensions, offered.has_trace, offered.has_vars) == (frozenset(), False, False)
    assert (offered.generation, offered.version) == ("current", "2.6.9")


def test_a_status_without_a_version_is_the_older_generation(upstream: FakeUpstream) -> None:
    older = {key: value for key, value in status().items() if key != "version"}
    upstream.respond("GET", "/status", lambda _: httpx.Response(200, json=older))
    offered = get_capabilities(gateway(prefix="/api/v1"))
    assert (offered.generation, offered.has_vars, offered.has_trace) == ("older", True, False)


ENVELOPE = {"error": {"code": "unauthorized", "message": "no", "request_id": "1"}}


@pytest.mark.parametrize(
    ("unkeyed", "generation"),
    [(httpx.Response(401, json=ENVELOPE), "older"), (httpx.Response(401), "current")],
    ids=["in an envelope", "with nothing"],
)
def test_without_a_status_the_generation_is_told_by_how_a_missing_key_is_refused(
    upstream: FakeUpstream, unkeyed: httpx.Response, generation: str
) -> None:
    upstream.raw("/status", b"<p>Welcome", content_type="text/html")
    upstream.respond("GET", "/env", lambda _: unkeyed)
    offered = get_capabilities(gateway())
    assert (offered.generation, offered.version) == (generation, None)
    assert offered.has_vars is (generation == "older")
    assert [seen.key for seen in upstream.calls] == ["", ""]


@pytest.mark.parametrize(
    "unkeyed",
    [httpx.Response(404), httpx.Response(404, json=ENVELOPE), httpx.Response(200, html="<p>Hello")],
    ids=["no route", "another's envelope", "a page"],
)
def test_a_website_is_no_hot_api_of_any_generation(
    upstream: FakeUpstream, unkeyed: httpx.Response
) -> None:
    upstream.raw("/status", b"<p>Welcome", content_type="text/html")
    upstream.respond("GET", "/env", lambda _: unkeyed)
    with pytest.raises(BadAnswer) as caught:
        get_capabilities(gateway())
    assert caught.value.reason == "not_hot"


def test_a_server_is_asked_once_in_ten_minutes(
    upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_capabilities(gateway("first"))
    get_capabilities(gateway("second"))
    assert len(upstream.seen("/status")) == 1
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 601)
    get_capabilities(gateway())
    assert len(upstream.seen("/status")) == 2


def test_the_status_is_asked_without_a_key(upstream: FakeUpstream) -> None:
    get_capabilities(gateway())
    assert upstream.seen("/status")[0].key == ""


def test_another_version_drops_what_was_known(upstream: FakeUpstream) -> None:
    unprefixed = gateway(prefix="")
    upstream.respond("GET", "/env", lambda _: httpx.Response(401))
    assert get_capabilities(unprefixed).has_trace
    upstream.respond("GET", "/status", lambda _: httpx.Response(200, json=status((), "2.7.0")))
    get_status(unprefixed)
    assert known.of(unprefixed.upstream.origin).prefix is None
    offered = get_capabilities(unprefixed)
    assert (offered.version, offered.has_trace) == ("2.7.0", False)


def test_a_server_that_is_down_is_not_remembered(upstream: FakeUpstream) -> None:
    upstream.fail("/status", httpx.ConnectError("refused"))
    with pytest.raises(NoAnswer):
        get_capabilities(gateway())
    upstream.respond("GET", "/status", lambda _: httpx.Response(200, json=status()))
    assert get_capabilities(gateway()).version == "2.6.9"


def test_some_json_is_no_status(upstream: FakeUpstream) -> None:
    upstream.respond("GET", "/status", lambda _: httpx.Response(200, json={"name": "other"}))
    with pytest.raises(BadAnswer) as caught:
        get_status(gateway())
    assert caught.value.reason == "not_hot"


@pytest.mark.parametrize("prefix", ["/v1", "/api/v1"])
def test_a_prefix_is_found_out_once_and_without_the_key(
    upstream: FakeUpstream, prefix: str
) -> None:
    upstream.prefix = prefix
    upstream.one("/runs/stats", samples.stats())

    def env(seen: Seen) -> httpx.Response:
        assert seen.key == ""
        return httpx.Response(401)

    upstream.respond("GET", "/env", env)
    upstream.respond("GET", "/v1/env", lambda _: httpx.Response(404))
    for _ in range(2):
        get_run_stats(gateway(prefix=""))
    assert len(upstream.seen("/env")) == 1
    assert len(upstream.seen("/runs/stats")) == 2


def test_a_server_with_neither_prefix_is_no_hot_api(upstream: FakeUpstream) -> None:
    upstream.respond("GET", "/env", lambda _: httpx.Response(404))
    upstream.respond("GET", "/api/v1/env", lambda _: httpx.Response(404))
    with pytest.raises(BadAnswer) as caught:
        get_run_stats(gateway(prefix=""))
    assert caught.value.reason == "not_hot"
