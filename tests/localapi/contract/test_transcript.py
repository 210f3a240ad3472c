"""Every call that was recorded from a real server, asked of this one: the same, or said here."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from hotdash.localapi.credentials import operator_key
from hotdash.localapi.models import Build, Event
from tests.localapi import archives, rows
from tests.localapi.contract import shapes
from tests.localapi.contract.answers import check_error
from tests.localapi.contract.recorded import Call, Ids, calls, differences
from tests.localapi.tenants import NO_TLS, Operator, Tenant

CALLS = calls()
# what this server answers otherwise, on purpose: see docs/embedded-api.md
OTHERWISE: Mapping[str, int] = {
    "seed env quota": 200,  # routes of the older generation are served
    "project patch": 409,  # the name is taken; a defect there, 500
    "project deactivate": 200,  # it is done, and said so
    "project delete": 409,  # it has builds
    "ctx create dup": 409,  # the key is there
    "ctx create emptykey": 400,  # no address could name it
    "build upload blake3": 400,  # the hash is not the file's
    "build deploy": 200,  # theirs was no archive, and found out here
    "file download range": 206,  # a range is given
    "domain create": 201,  # domains are on
}
FILLED = {"domains"}  # a list that was empty since what it holds was refused
# keys of this server alone; a bundle has its storage, where theirs was live
BESIDE = {"storage_path", "storage_backend"}.union(
    *(one.extensions for one in (shapes.STATUS, shapes.EVENT, shapes.RUN, shapes.STATS))
)
NOBODY = {"status", "root", "no key", "unknown route"}
FILES = {
    "file upload": b"hello world",
    "file upload again": b"hello world 2",
    "upload part": bytes(1024),
}
LONG = {
    "ctx create long": {"key": "K" * 300, "value": "x"},
    "ctx create bigvalue": {"key": "BIG", "value": "x" * 1_000_000},
}


class Player:
    """Asks this server what a real one was asked, and remembers what it answered."""

    def __init__(self, tenant: Tenant, anyone: httpx.Client) -> None:
        self.tenant = tenant
        self.answers: dict[str, httpx.Response] = {}
        self._anyone = anyone
        self._ids = Ids({_their("env", "env_id"): str(tenant.env_id)})

    def play(self, call: Call) -> None:
        """Ask one call."""
        if before := BEFORE.get(call.name):
            before(self)
        client = self._anyone if call.name in NOBODY else self.tenant.client
        path = self._ids.translated(call.path)
        answer = client.request(call.method, path, **self._sent(call))
        self.answers[call.name] = answer
        if answer.headers.get("Content-Type") == "application/json":
            self._ids.learn(call.json, answer.json())

    def id_of(self, name: str, key: str) -> UUID:
        """Return this server's id of what a call was answered with."""
        return UUID(self.answers[name].json()["data"][key])

    def _sent(self, call: Call) -> dict[str, Any]:
        if call.name == "project create bad json":
            return {"content": b"{bad", "headers": {"Content-Type": "application/json"}}
        if call.form is not None:
            return _form(call)
        if call.name in FILES:
            return {"content": FILES[call.name]}
        body = LONG.get(call.name, call.body)
        sent = {} if body is None else {"json": self._ids.translated(body)}
        return sent | {"headers": self._headers(call)}

    def _headers(self, call: Call) -> dict[str, str]:
        if call.name == "bad key":
            return {"Authorization": f"Bearer hot_{'0' * 32}_{'0' * 64}"}
        if call.name == "bad scheme":
            return {"Authorization": "Basic eDp5"}
        if call.name in {"service key used on runs", "service key revoked used"}:
            token = self.answers["service key create"].json()["data"]["token"]
            return {"Authorization": f"Bearer {token}"}
        return {"Range": "bytes=0-4"} if call.name == "file download range" else {}


def _form(call: Call) -> dict[str, Any]:
    content = archives.archive()
    is_good = call.name != "build upload blake3"
    data = dict(call.form or {}) | ({"hash": archives.sha256(content)} if is_good else {})
    file = {"other" if call.name == "build upload nofile" else "file": ("a.zip", content)}
    return {"data": data, "files": file}


def _their(name: str, key: str) -> str:
    return str(next(call for call in CALLS if call.name == name).json["data"][key])


def _furnish(player: Player) -> None:
    """Make what was there before the first call was recorded."""
    tenant = player.tenant
    demo = rows.build(tenant.project("demo")["project_id"], build_type="live")
    rows.handler(demo, "email:send")
    rows.schedule(demo)
    billing = tenant.project("billing-two")["project_id"]
    rows.build(billing, deployed=False, runtime_status="failed")


def _execute(player: Player) -> None:
    """Make the runs that a worker would have left when the runs were listed."""
    build = Build.objects.get(project__name="demo", project__environment=player.tenant.env_id)
    now: dict[str, Any] = {"start_time": timezone.now(), "stop_time": timezone.now()}
    event = Event.objects.get(pk=player.id_of("event publish", "event_id"))
    rows.run(build, event=event, **now)
    rows.run(build, run_type="schedule", **now)
    failed = rows.run(build, "failed", result="{}", retry_attempt=1, **now)
    later = timezone.now() + timedelta(hours=1)
    retry = {"origin_run_id": failed.run_id, "retry_attempt": 2, "next_retry_at": later}
    rows.run(build, "pending_retry", result="{}", **now, **retry)


BEFORE: Mapping[str, Callable[[Player], None]] = {"status": _furnish, "event get": _execute}


@pytest.fixture(scope="module")
def answers(
    api: str, tables: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, httpx.Response]]:
    """What this server answered, by the name of the call."""
    with (
        django_db_blocker.unblock(),
        Operator(api, operator_key.ensure().read_text()) as operator,
        httpx.Client(base_url=api, trust_env=False, verify=NO_TLS) as anyone,
    ):
        player = Player(operator.tenant(uuid4()), anyone)
        for call in CALLS:
            player.play(call)
        yield player.answers


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_call_is_answered_as_the_platform_answers_it(
    answers: dict[str, httpx.Response], call: Call
) -> None:
    answer = answers[call.name]

    assert answer.status_code == OTHERWISE.get(call.name, call.status), answer.text
    if call.name == "unknown route" or answer.status_code == 204:
        assert answer.content == b""
    elif answer.is_error:
        check_error(answer, answer.status_code)
    elif not (call.name in OTHERWISE and call.json and "error" in call.json):
        check_headers(call, answer)
        if call.json is not None and call.name not in FILLED:
            assert list(differences(call.json, answer.json(), BESIDE)) == []


@pytest.mark.parametrize(
    "call", [call for call in CALLS if call.json and "error" in call.json], ids=str
)
def test_a_refusal_has_the_code_of_the_platforms(
    answers: dict[str, httpx.Response], call: Call
) -> None:
    if call.name not in OTHERWISE:
        check_error(answers[call.name], call.status, call.json["error"]["code"])


def test_what_is_answered_otherwise_is_answered_otherwise() -> None:
    status = {call.name: call.status for call in CALLS}

    assert not [name for name, ours in OTHERWISE.items() if status[name] == ours]


def check_headers(call: Call, answer: httpx.Response) -> None:
    """Fail unless the answer has the headers that were recorded."""
    for name, value in call.headers.items():
        assert answer.headers.get(name) == value, name
