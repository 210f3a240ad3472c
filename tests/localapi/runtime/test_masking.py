"""What a run must not say is masked before it is stored, wherever it says it (threats R8)."""

import json
import secrets as randomness
from pathlib import Path

import pytest
from django.apps import apps
from pytest_django.plugin import DjangoDbBlocker

from hotdash.localapi import contents
from hotdash.localapi.models import Blob, Event, StreamData
from hotdash.localapi.runtime.masking import Mask, is_secret_name
from hotdash.localapi.runtime.snapshot import Snapshot
from tests.localapi.runtime.shop import Shop, calls_of, failure, put, result

CANARY = f"canary-{randomness.token_hex(12)}"
BUILD = {
    "talk.py": """
import logging, sys

from hotbuild import ctx, run, send, stream, tasks

def returned():
    return {"door": ["the code is " + ctx["DOOR"]["code"], {ctx["DOOR"]["code"]: 1}], "n": 1.50}

def raised():
    raise ValueError("no door opens with " + ctx["DOOR"]["code"])

def logged():
    logging.getLogger("talk").error("the code is %s", ctx["DOOR"]["code"])
    print("the code is", ctx["DOOR"]["code"])
    sys.stderr.write(ctx["DOOR"]["code"])

def streamed():
    stream({"code": ctx["DOOR"]["code"]})

def sent():
    send("door:opened", {"code": ctx["DOOR"]["code"], "reset_token": "abcdef"})

def begun():
    tasks.start(echo, ctx["DOOR"]["code"])

def echo(text):
    return text

def cancelled():
    run.cancel("opened by " + ctx["DOOR"]["code"], {"code": ctx["DOOR"]["code"]})

def large():
    return (ctx["DOOR"]["code"] + " ") * 40_000

def named():
    return {"user": "Ada", "apiKey": "sk-1234", "reset_token": "t-1234", "token_count": 3,
            "primary_key": "A-7", "nested": [{"password": "hunter2", "hint": "a dog"}]}
"""
}


@pytest.fixture(scope="module")
def deployed(deployed: Shop, django_db_blocker: DjangoDbBlocker) -> Shop:
    with django_db_blocker.unblock():
        put(deployed.project, "DOOR", json.dumps({"code": CANARY, "floor": 3}))
    return deployed


@pytest.fixture
def talk(deployed: Shop, stored: None) -> Shop:
    return deployed


def everything_stored(data: Path) -> str:
    """Return all rows of all tables, all contents, and what the worker logged, as one text."""
    rows = [
        str(list(model._default_manager.values_list()))
        for model in apps.get_app_config("localapi").get_models()
    ]
    files = [path for path in (data / "contents").rglob("*") if path.is_file()]
    kept = [path.read_text(errors="replace") for path in [*files, data / "worker.log"]]
    return "\n".join(rows + kept)


@pytest.mark.parametrize(
    "function",
    ["returned", "raised", "logged", "streamed", "sent", "begun", "cancelled", "large"],
)
def test_the_canary_is_stored_nowhere(talk: Shop, data: Path, function: str) -> None:
    run = talk.call(f"::talk/{function}")
    assert run.status in {"succeeded", "failed", "cancelled"}
    assert CANARY not in everything_stored(data)


def test_a_result_shows_a_mask_in_place_of_the_value(talk: Shop) -> None:
    found = result(talk.call("::talk/returned"))
    assert found == {"door": ["the code is ***", {"***": 1}], "n": 1.5}
    assert failure(talk.call("::talk/raised"))["msg"] == "no door opens with ***"


def test_what_is_streamed_sent_and_traced_shows_a_mask(talk: Shop) -> None:
    streamed = talk.call("::talk/streamed")
    assert StreamData.objects.get(run_id=streamed.pk).payload == '{"code": "***"}'
    sent = talk.call("::talk/sent")
    event = Event.objects.get(origin_run_id=sent.pk)
    assert json.loads(event.event_data) == {"code": "***", "reset_token": "abcdef"}
    assert "***" in str(calls_of(talk.call("::talk/returned"))[0].value)


def test_texts_under_secret_names_are_masked_in_results(talk: Shop) -> None:
    assert result(talk.call("::talk/named")) == {
        "user": "Ada",
        "apiKey": "***",
        "reset_token": "***",
        "token_count": 3,
        "primary_key": "A-7",
        "nested": [{"password": "***", "hint": "a dog"}],
    }


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("password", True),
        ("dbPassword", True),
        ("API_KEY", True),
        ("apikey", True),
        ("Authorization", True),
        ("client-secret", True),
        ("accessToken", True),
        ("passphrase", True),
        ("PASSWD", True),
        ("credentials", True),
        ("signing_key", True),
        ("token_count", False),
        ("key", False),
        ("monkey", False),
        ("author", False),
        ("", False),
        ("…", False),
    ],
)
def test_a_name_is_secret_by_its_words(name: str, is_one: bool) -> None:
    assert is_secret_name(name) is is_one
    shown = Mask([]).shown(json.dumps({name: "text", "of": [{name: 7}, {name: ""}]}))
    masked = "***" if is_one else "text"
    assert json.loads(shown) == {name: masked, "of": [{name: 7}, {name: ""}]}


@pytest.mark.parametrize(
    "secret",
    ['say "please"', "two\nlines", "back\\slash", "12, 13", "nothing", "*** *** ***", "ünïcödé"],
)
def test_a_secret_is_masked_whatever_its_letters_and_json_stays_json(secret: str) -> None:
    mask = Mask([secret])
    payload = {"text": f"<{secret}>", "numbers": [12, 13], "other": "\nothing", secret: None}
    masked = json.loads(mask.shown(json.dumps(payload, ensure_ascii=False)))
    assert masked == {"text": "<***>", "numbers": [12, 13], "other": "\nothing", "***": None}


def test_short_values_and_numbers_are_no_secrets() -> None:
    mask = Mask(["eu-1", 123456789, True, None, ["short", {"a": "long enough"}]])
    assert mask.texts == ("long enough",)


def test_the_longer_of_two_secrets_goes_first() -> None:
    assert Mask(["abcdef", "abcdef-ghi"]).text("abcdef-ghi abcdef") == "*** ***"


def test_what_holds_no_secret_is_kept_to_the_letter() -> None:
    payload = '{"a":1.0,   "b": "\\u00e9"}'
    assert Mask(["abcdef"]).shown(payload) == payload


def test_a_secret_is_masked_before_a_long_text_is_cut() -> None:
    secret = "s3cr3t-" * 20
    for before in range(380, 400):
        shown = Snapshot([secret]).take("x" * before + secret + "y" * 1_000)
        assert "s3cr3t" not in shown


def test_a_secret_in_a_large_result_is_masked_where_it_lies(talk: Shop, data: Path) -> None:
    run = talk.call("::talk/large")
    (blob,) = Blob.objects.filter(owner_id=run.pk)
    assert contents.path_of(blob.content_id).read_text() == "*** " * 40_000
