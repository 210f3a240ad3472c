"""A key is tried before it is stored, and is worth nothing in another environment."""

import uuid
from dataclasses import replace

import pytest

from hotdash.gateway.errors import BadAnswer, Refused, WrongEnvironment
from hotdash.gateway.keys import try_key
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Upstream
from tests import samples
from tests.upstream import ORIGIN, FakeUpstream

FRESH = Upstream("env-1", ORIGIN, "/v1")
KEY = Secret("hot_" + "k" * 40)


def test_the_first_key_tells_which_environment_it_is(upstream: FakeUpstream) -> None:
    upstream.one("/env", samples.environment())
    assert try_key(FRESH, KEY).env_id == uuid.UUID(samples.ENV_ID)
    assert upstream.calls[0].key == KEY.reveal()


def test_a_key_of_another_environment_is_refused_with_both_names(upstream: FakeUpstream) -> None:
    recorded = replace(FRESH, upstream_env_id=uuid.UUID(samples.ENV_ID))
    upstream.one("/env", samples.environment())
    try_key(recorded, KEY)
    other = samples.new_id()
    upstream.one("/env", samples.environment(env_id=other, name="production"))
    with pytest.raises(WrongEnvironment) as caught:
        try_key(recorded, KEY)
    assert samples.ENV_ID in caught.value.expected
    assert "production" in caught.value.found
    assert other in caught.value.found


def test_a_key_that_opens_nothing_is_refused(upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 401)
    with pytest.raises(Refused) as caught:
        try_key(FRESH, KEY)
    assert caught.value.status == 401


@pytest.mark.parametrize("text", ["", " ", "hot_a b", "hot_é", "hot_a\r\nX: y", "hot_\x00"])
def test_what_can_be_no_key_is_refused_without_a_call(upstream: FakeUpstream, text: str) -> None:
    with pytest.raises(Refused) as caught:
        try_key(FRESH, Secret(text))
    assert caught.value.status == 401
    assert upstream.calls == []


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 418, 429, 500])
def test_a_stranger_is_not_quoted(upstream: FakeUpstream, status: int) -> None:
    upstream.raw("/env", b"nginx/1.2 secret banner", status, content_type="text/plain")
    with pytest.raises((BadAnswer, Refused)) as caught:
        try_key(FRESH, KEY)
    assert "secret banner" not in f"{caught.value} {vars(caught.value)}"
