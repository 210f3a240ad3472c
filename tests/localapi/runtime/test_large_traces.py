"""A large argument or value of a traced call lies beside the trace, whole and masked."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from hotdash.localapi import contents
from hotdash.localapi.models import Blob, Call, Project, Run
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.retention import Keeping, prune
from hotdash.localapi.runtime import journal
from hotdash.localapi.runtime.hearing import Hearing, Said
from hotdash.localapi.runtime.journal import Entry
from hotdash.localapi.runtime.limits import LARGE_VALUE_BYTES, LARGE_VALUES
from hotdash.localapi.runtime.lines import encode
from hotdash.localapi.runtime.messages import CUT, read_call
from tests.localapi.holding import HOLD
from tests.localapi.runtime.shop import Shop, calls_of, put
from tests.localapi.runtime.slow import let_go
from tests.localapi.runtime.test_protocol import CALL
from tests.localapi.runtime.workers import WorkerProcess
from tests.localapi.tenants import Tenant
from tests.sockets import wait_for

SECRET = "the-door-opens-inwards"
KIB = 1024
BUILD = {
    "long.py": f"""
import os, time
from hotbuild import ctx
{HOLD}
def echo(text):
    return text[::-1]

def repeated(text, times):
    return echo(text * times)

def slowly(n):
    return stay(bytes(range(250)) * n)

def stay(raw):
    hold()
    return len(raw)

def told():
    return echo((ctx["DOOR"] + " ") * 20_000)

def hidden():
    options = dict(apiKey="k" * 200_000, credentials=["c" * 200_000])
    return len(keep(options, "p" * 200_000))

def keep(options, password):
    return password[:3]

def many(size, count):
    for number in range(count):
        size_of(chr(97 + number) * size)

def size_of(text):
    return len(text)
"""
}


@pytest.fixture(scope="module")
def deployed(deployed: Shop, django_db_blocker: DjangoDbBlocker) -> Shop:
    with django_db_blocker.unblock():
        put(deployed.project, "DOOR", json.dumps(SECRET))
    return deployed


@pytest.fixture
def long(deployed: Shop, stored: None) -> Shop:
    return deployed


def shown(run: Run, number: int) -> tuple[Any, Any]:
    """Return arguments and value of a run's call as they are stored."""
    call = calls_of(run)[number]
    return json.loads(call.args), json.loads(call.value or "null")


def kept(run: Run, reference: Any) -> bytes:
    """Return what lies behind a reference of a run."""
    assert reference["$type"] == "::hot::blob/BlobRef", reference
    blob = Blob.objects.get(pk=reference["$val"]["id"], owner_id=run.run_id)
    return contents.path_of(blob.content_id).read_bytes()


def test_a_large_argument_and_value_are_read_and_downloaded(
    tenant: Tenant, worker: WorkerProcess, tmp_path: Path
) -> None:
    project = Project.objects.get(pk=tenant.project()["project_id"])
    shop = Shop(project.environment, project, tmp_path)
    shop.deploy(BUILD)
    text = "".join(f"{number:,} größer\n" for number in range(12_000))
    run = shop.call("::long/echo", text)
    answer = tenant.client.get(f"/v1/runs/{run.run_id}/vars").json()
    (call,) = answer["data"]
    for reference, expected in ((call["meta"]["args"]["text"], text), (call["value"], text[::-1])):
        facts = reference["$val"]
        assert facts["preview"] == expected.encode()[:256].decode(errors="ignore")
        address = f"/v1/blobs/{facts['id']}/download"
        assert tenant.client.get(address).content == expected.encode()
        part = tenant.client.get(address, headers={"Range": "bytes=7-20"})
        assert (part.status_code, part.content) == (206, expected.encode()[7:21])


@pytest.mark.parametrize("times", [1, 500, 64 * KIB - 1])
def test_a_smaller_one_is_cut(long: Shop, times: int) -> None:
    run = long.call("::long/repeated", "x", times)
    arguments, value = shown(run, 1)
    assert "BlobRef" not in str((arguments, value))
    assert len(value) < 500
    assert not Blob.objects.filter(owner_id=run.run_id).exists()


def test_one_that_is_too_large_is_cut(long: Shop) -> None:
    run = long.call("::long/repeated", "x" * KIB, KIB + 1)
    arguments, _ = shown(run, 1)
    assert arguments["text"].endswith(f"({LARGE_VALUE_BYTES + KIB:,} characters)")


def test_bytes_are_kept_and_stay_while_the_call_goes_on(long: Shop) -> None:
    run = long.start("::long/slowly", 400)
    wait_for(lambda: Call.objects.filter(run=run).exists())
    let_go(run)
    run = long.over(run)
    arguments, value = shown(run, 1)
    assert kept(run, arguments["raw"]) == bytes(range(250)) * 400
    assert value == 100_000
    assert Blob.objects.filter(owner_id=run.run_id).count() == 1


def test_a_context_value_is_masked_where_it_lies(long: Shop) -> None:
    run = long.call("::long/told")
    arguments, value = shown(run, 1)
    assert kept(run, arguments["text"]) == b"*** " * 20_000
    assert SECRET.encode() not in kept(run, value)


def test_nothing_is_kept_under_a_secret_name(long: Shop) -> None:
    run = long.call("::long/hidden")
    arguments, _ = shown(run, 1)
    assert arguments == {"options": {"apiKey": "***", "credentials": "***"}, "password": "***"}
    assert not Blob.objects.filter(owner_id=run.run_id).exists()


@pytest.mark.parametrize(("size", "most"), [(70_000, LARGE_VALUES), (LARGE_VALUE_BYTES, 8)])
def test_a_run_keeps_so_many_and_cuts_the_others(long: Shop, size: int, most: int) -> None:
    run = long.call("::long/many", size, LARGE_VALUES + 4)
    assert run.status == "succeeded"
    assert Blob.objects.filter(owner_id=run.run_id).count() == most
    texts = [json.loads(call.args)["text"] for call in calls_of(run)[1:]]
    assert [isinstance(text, dict) for text in texts] == [True] * most + [False] * (
        LARGE_VALUES + 4 - most
    )


def test_a_run_that_says_more_long_texts_than_it_may_has_them_cut(long: Shop) -> None:
    hearing = Hearing(Run())
    for seq in range(1, LARGE_VALUES + 3):
        part = encode({"m": "args-part", "part": json.dumps("z" * 70_000)})
        hearing.hear(part + encode({**CALL, "seq": seq, "args": None}))
    lengths = [len(call.args or "") for call in hearing.take().calls.values()]
    assert lengths == [70_002] * LARGE_VALUES + [len(CUT)] * 2


def test_a_long_text_without_a_large_value_is_cut(long: Shop) -> None:
    run = long.start("::long/slowly", 1)
    wait_for(lambda: Call.objects.filter(run=run).exists())
    held, said = Run.objects.get(pk=run.pk), Said()
    args = json.dumps(["w" * 100] * 1_000)
    said.note(read_call({**CALL, "seq": 9, "args": None}, {"args": args}))
    assert journal.write([Entry(held, said, None)]) == []
    assert Call.objects.get(run=run, seq=9).args == CUT
    let_go(run)
    assert long.over(run).status == "succeeded"


def test_they_go_with_their_run(long: Shop) -> None:
    run = long.call("::long/repeated", "x", 80_000)
    assert Blob.objects.filter(owner_id=run.run_id).count() >= 2
    long.call("::long/size-of", "newer")
    prune(Keeping(0, 1))
    assert not Run.objects.filter(pk=run.pk).exists()
    assert not Blob.objects.filter(owner_id=run.run_id).exists()


def test_who_lost_the_run_leaves_nothing(long: Shop, data: Path) -> None:
    run = long.call("::long/size-of", "x")
    run.run_id, run.worker = new_id(), "somebody"
    said = Said()
    said.note(read_call(CALL, {"args": json.dumps({"text": "y" * 90_000})}))
    assert journal.write([Entry(run, said, None)]) == [run]
    assert not Blob.objects.filter(owner_id=run.run_id).exists()
    assert not list((data / "incoming").glob("content-*"))
