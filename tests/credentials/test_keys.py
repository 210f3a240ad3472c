"""Whose key opens what, and what is refused before it is stored."""

import logging
import uuid
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.urls import reverse
from django.utils import timezone

from hotdash.credentials.keys import key_for, store_key
from hotdash.credentials.models import Credential, Trial
from hotdash.credentials.trials import TooManyTrials
from hotdash.gateway.errors import BadAnswer, NoAnswer, Refused, WrongEnvironment
from hotdash.gateway.secret import Secret
from hotdash.orgs.models import Environment
from tests import samples
from tests.canary import CANARY
from tests.cast import Cast, key_of
from tests.reading import said
from tests.upstream import FakeUpstream

RUNS = "/acme/development/runs/"


def forget_keys(cast: Cast) -> None:
    Credential.objects.all().delete()


def test_the_first_accepted_key_settles_which_environment_it_is(
    cast: Cast, upstream: FakeUpstream
) -> None:
    forget_keys(cast)
    wire = samples.environment()
    upstream.one("/env", wire)
    environment = cast.environment()
    store_key(cast.mia, environment, Secret(CANARY))
    assert cast.environment().upstream_env_id == uuid.UUID(wire["env_id"])
    assert upstream.seen("/env")[0].key == CANARY
    stored = key_for(cast.membership(cast.mia), cast.environment())
    assert stored is not None
    assert stored.reveal() == CANARY


def test_a_second_persons_key_of_another_environment_is_refused_naming_both(
    cast: Cast, upstream: FakeUpstream
) -> None:
    forget_keys(cast)
    first, second = (
        samples.environment(),
        samples.environment(env_id=str(uuid.uuid4()), name="elsewhere"),
    )
    upstream.one("/env", first)
    store_key(cast.mia, cast.environment(), Secret(CANARY))
    upstream.one("/env", second)
    with pytest.raises(WrongEnvironment) as refusal:
        store_key(cast.adam, cast.environment(), Secret(CANARY))
    assert first["env_id"] in refusal.value.expected
    assert second["env_id"] in refusal.value.found
    assert "elsewhere" in refusal.value.found
    assert not Credential.objects.filter(user=cast.adam).exists()


def test_what_another_settled_while_the_key_was_tried_stands(
    cast: Cast, upstream: FakeUpstream
) -> None:
    forget_keys(cast)
    settled, wire = uuid.uuid4(), samples.environment()
    upstream.one("/env", wire)
    upstream.before("/env", lambda _: Environment.objects.update(upstream_env_id=settled))
    with pytest.raises(WrongEnvironment) as refusal:
        store_key(cast.mia, cast.environment(), Secret(CANARY))
    assert str(settled) in refusal.value.expected
    assert wire["env_id"] in refusal.value.found
    assert not Credential.objects.exists()


@pytest.mark.parametrize("trouble", ["refused", "silent", "foreign"])
def test_a_key_that_cannot_be_tried_is_not_stored(
    cast: Cast, upstream: FakeUpstream, trouble: str
) -> None:
    forget_keys(cast)
    if trouble == "refused":
        upstream.refuse("/env", 401)
    elif trouble == "silent":
        upstream.fail("/env", httpx.ConnectTimeout(""))
    else:
        upstream.raw("/env", b"<html>welcome</html>", content_type="text/html")
    with pytest.raises((Refused, NoAnswer, BadAnswer)):
        store_key(cast.mia, cast.environment(), Secret(CANARY))
    assert not Credential.objects.exists()
    assert cast.environment().upstream_env_id is None


def test_a_stored_key_replaces_the_former_one(cast: Cast, upstream: FakeUpstream) -> None:
    forget_keys(cast)
    upstream.one("/env", samples.environment())
    for key in (key_of(cast.mia), CANARY):
        store_key(cast.mia, cast.environment(), Secret(key))
    stored = Credential.objects.get(user=cast.mia)
    assert stored.last4 == "nary"


def test_the_eleventh_trial_within_an_hour_is_refused_without_a_call(
    cast: Cast, upstream: FakeUpstream
) -> None:
    upstream.refuse("/env", 401)
    for _ in range(10):
        with pytest.raises(Refused):
            store_key(cast.mia, cast.environment(), Secret(CANARY))
    asked = len(upstream.calls)
    with pytest.raises(TooManyTrials, match="You have tried 10 keys within an hour"):
        store_key(cast.mia, cast.environment("staging"), Secret(CANARY))
    assert len(upstream.calls) == asked
    with pytest.raises(Refused):
        store_key(cast.adam, cast.environment(), Secret(CANARY))
    Trial.objects.filter(user=cast.mia).update(at=timezone.now() - timedelta(minutes=61))
    with pytest.raises(Refused):
        store_key(cast.mia, cast.environment(), Secret(CANARY))


def test_every_page_calls_with_the_key_of_whoever_asks(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.many("/runs", [])
    upstream.one("/runs/stats", samples.stats())
    for person in (cast.adam, cast.mia, cast.vera):
        upstream.calls.clear()
        response = cast.browser(person).get(RUNS, {"user": str(cast.olive.pk)})
        assert response.status_code == 200
        assert {call.key for call in upstream.calls if call.key} == {key_of(person)}


def test_without_a_key_each_page_says_so_in_a_sentence_and_calls_nobody(
    cast: Cast, upstream: FakeUpstream
) -> None:
    forget_keys(cast)
    pages = (RUNS, reverse("runs:show", args=["acme", "development", uuid.uuid4()]))
    for page in pages:
        response = cast.browser(cast.mia).get(page)
        assert response.status_code == 403
        assert "You have no key to Development yet." in said(response)
    assert upstream.calls == []


def test_without_a_key_a_part_says_so_too(cast: Cast, upstream: FakeUpstream) -> None:
    forget_keys(cast)
    response = cast.browser(cast.mia).get(RUNS, headers={"HX-Request": "true", "HX-Target": "rows"})
    assert response.status_code == 403
    assert "You have no key to Development yet." in response.content.decode()
    assert "<html" not in response.content.decode()


def test_a_key_is_printed_by_its_last_four_characters_only(cast: Cast) -> None:
    key = key_for(cast.membership(cast.mia), cast.environment())
    credential = Credential.objects.get(user=cast.mia, environment=cast.environment())
    for shown in (repr(key), str(key), f"{key}", f"{key:>8}".strip(), str(credential)):
        assert shown == "…amia"


def test_a_key_is_in_no_answer_no_log_and_no_error(
    cast: Cast,
    upstream: FakeUpstream,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    upstream.many("/runs", [samples.run("failed")])
    upstream.one("/runs/stats", samples.stats())
    client = cast.browser(cast.mia)
    answers = [client.get(RUNS)]
    upstream.refuse("/runs", 500, "internal_server_error", "no")
    answers.append(client.get(RUNS))
    upstream.fail("/runs", RuntimeError("a fault of ours"))
    client.raise_request_exception = False
    answers.append(client.get(RUNS))
    assert [answer.status_code for answer in answers] == [200, 502, 500]
    key = key_of(cast.mia)
    assert key in {call.key for call in upstream.calls}
    for answer in answers:
        assert key not in answer.content.decode()
    assert key not in caplog.text
    assert key not in "".join(capsys.readouterr())


def test_the_code_reveals_a_key_only_to_send_or_seal_it() -> None:
    root = Path(__file__).parents[2] / "hotdash"
    places = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if ".reveal()" in path.read_text(encoding="utf-8")
    }
    assert places == {
        "credentials/keys.py",  # the last four
        "credentials/minting.py",  # the last four
        "credentials/sealing.py",
        "gateway/exchange.py",
    }
