"""A run that attacks its worker ends itself and nobody else (threats R5, R6)."""

import pytest

from hotdash.localapi.models import Event, Run, StreamData, Task
from tests.localapi.runtime.shop import Shop, failure, result
from tests.localapi.runtime.workers import WorkerProcess

BUILD = {
    "attacker.py": """
import json, os, select, socket, time

def wire():
    for number in range(3, 64):
        try:
            return socket.socket(fileno=os.dup(number))
        except OSError:
            pass

def say(text, repeat=1):
    connection = wire()
    try:
        for _ in range(repeat):
            connection.sendall(text.encode("latin-1"))
    except OSError:
        pass
    time.sleep(5)
    return "still here"

def lie(message):
    return say(json.dumps(message) + chr(10))

def ask(arguments, given):
    connection = wire()
    question = {"m": "ask", "what": "tasks.start", "given": given}
    for line in ({"m": "ask-part", "part": arguments}, question):
        connection.sendall(json.dumps(line).encode() + b"\\n")
    return json.loads(connection.recv(65536))

def ask_without_reading():
    connection = wire()
    question = {"m": "ask", "what": "files.list", "given": {"prefix": "", "after": ""}}
    for _ in range(2):
        connection.sendall(json.dumps(question).encode() + b"\\n")
        select.select([connection], [], [])
    time.sleep(5)

def end_twice():
    connection = wire()
    for line in ({"m": "result-part", "part": "1"}, {"m": "done"}, {"m": "nonsense"}):
        connection.sendall(json.dumps(line).encode() + b"\\n")
    return 2

def innocent():
    return "fine"
"""
}
CALL = {
    "m": "call",
    "seq": 2,
    "parent": 1,
    "ns": "::a",
    "var": "b",
    "file": "c.py",
    "line": 1,
    "args": "{}",
    "start": 1_700_000_000_000_000,
}


@pytest.fixture
def attacker(deployed: Shop, stored: None) -> Shop:
    return deployed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{half a message\n", "a line is not JSON"),
        ("\x00\xff\xfe\x01\n", "a line is not JSON"),
        ("[1, 2]\n", "a line is not an object"),
        ('{"m": 7}\n', "an unknown message"),
        ('{"m": "become-root"}\n', "an unknown message"),
        ('{"m": ' + "[" * 65 + "]" * 65 + "}\n", "a line is nested deeper than 64"),
        ("x" * (1024 * 1024 + 1), "a line is longer than 1 MiB"),
        ("[" * 400_000 + "]" * 400_000 + "\n", "a line is nested deeper than 64"),
        ("[" * 500_000 + "\n", "a line is not JSON"),
        ('{"m": "fail", "msg": "x", "err": {"type": "\\ud800"}}\n', "a line is not JSON"),
        ('{"m": "result-part", "part": "\\"\\udfff\\""}\n', "a line is not JSON"),
    ],
)
def test_what_is_no_message_ends_its_run(attacker: Shop, text: str, reason: str) -> None:
    run = attacker.call("::attacker/say", text)
    assert failure(run)["msg"] == f"the run sent its worker {reason}"
    assert failure(run)["err"]["type"] == "ProtocolError"


def test_output_without_end_ends_its_run_and_others_go_on(attacker: Shop) -> None:
    run = attacker.start(
        "::attacker/say", '{"m":"stream-part","part":"' + "x" * 9_000 + '"}\n', 10**6
    )
    assert result(attacker.call("::attacker/innocent")) == "fine"
    assert failure(attacker.over(run))["err"]["type"] == "OutputLimit"


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        *(("send", scope) for scope in ("env_id", "stream_id", "run_id", "origin_run_id")),
        *(("stream", scope) for scope in ("env_id", "stream_id", "run_id")),
        ("done", "run_id"),
        ("fail", "run_id"),
        ("call", "run_id"),
    ],
)
def test_a_message_that_names_another_scope_is_refused(
    attacker: Shop, kind: str, scope: str
) -> None:
    foreign = "01a20000-0000-7000-8000-000000000001"
    run = attacker.call("::attacker/lie", {"m": kind, "type": "x", scope: foreign})
    refused = f"a message '{kind}' with an unknown field"
    assert failure(run)["msg"] == f"the run sent its worker {refused}"
    assert not Event.objects.filter(origin_run_id=run.run_id).exists()
    assert not StreamData.objects.filter(run_id=run.run_id).exists()


TASK = {"fn": "::attacker/innocent", "timeout_ms": "1000", "retry": "0", "retry_delay_ms": "0"}


@pytest.mark.parametrize("scope", ["env_id", "stream_id", "run_id", "build_id", "task_id"])
def test_a_task_that_names_another_scope_is_refused(attacker: Shop, scope: str) -> None:
    given = TASK | {scope: "01a20000-0000-7000-8000-000000000001"}
    run = attacker.call("::attacker/lie", {"m": "ask", "what": "tasks.start", "given": given})
    refused = "a question 'tasks.start' with other facts than its own"
    assert failure(run)["msg"] == f"the run sent its worker {refused}"
    assert not Task.objects.filter(origin_run_id=run.run_id).exists()


@pytest.mark.parametrize(
    ("change", "arguments"),
    [
        ({"fn": "no name"}, "[]"),
        ({"fn": ""}, "[]"),
        ({"fn": "::a/\0"}, "[]"),
        ({"fn": "::a/" + "b" * 251}, "[]"),
        ({"timeout_ms": "0"}, "[]"),
        ({"timeout_ms": "86400001"}, "[]"),
        ({"timeout_ms": "9" * 5_000}, "[]"),
        ({"timeout_ms": "1e3"}, "[]"),
        ({"timeout_ms": "٣"}, "[]"),
        ({"retry": "101"}, "[]"),
        ({"retry": "-1"}, "[]"),
        ({"retry_delay_ms": "86400001"}, "[]"),
        ({}, "{}"),
        ({}, "null"),
    ],
)
def test_a_task_out_of_bounds_is_refused(
    attacker: Shop, change: dict[str, str], arguments: str
) -> None:
    run = attacker.call("::attacker/ask", arguments, TASK | change)
    assert result(run)["refused"]["type"] == "ValueError"
    assert not Task.objects.filter(origin_run_id=run.run_id).exists()


@pytest.mark.parametrize("arguments", ["[1", "", "[" * 70 + "]" * 70])
def test_arguments_that_are_no_json_end_their_run(attacker: Shop, arguments: str) -> None:
    run = attacker.call("::attacker/ask", arguments, TASK)
    assert failure(run)["err"]["type"] == "BadOutput"
    assert not Task.objects.filter(origin_run_id=run.run_id).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 10**9},
        {"seq": "2"},
        {"seq": True},
        {"start": 10**30},
        {"start": None},
        {"args": "{"},
        {"args": 7},
        {"args": "[" * 70 + "]" * 70},
        {"value": "NaN"},
        {"ns": "n" * 501},
        {"line": -1},
    ],
)
def test_a_traced_call_out_of_bounds_ends_its_run(
    attacker: Shop, change: dict[str, object]
) -> None:
    run = attacker.call("::attacker/lie", CALL | change)
    assert failure(run)["err"]["type"] == "ProtocolError"


def test_an_event_of_a_reserved_type_is_refused(attacker: Shop) -> None:
    run = attacker.call("::attacker/lie", {"m": "send", "type": "hot:call"})
    assert failure(run)["msg"] == "the run sent an event of a reserved type"


def test_a_result_that_is_no_json_is_refused(attacker: Shop) -> None:
    text = '{"m":"result-part","part":"{]"}\n{"m":"done"}\n'
    assert failure(attacker.call("::attacker/say", text))["msg"] == "the result is not JSON"


def test_answers_that_are_not_read_are_not_piled_up(attacker: Shop) -> None:
    reason = "the run sent its worker a question before it had read the last answer"
    assert failure(attacker.call("::attacker/ask-without-reading"))["msg"] == reason


def test_after_its_end_a_run_has_nothing_to_say(attacker: Shop) -> None:
    run = attacker.call("::attacker/end-twice")
    assert (run.status, result(run)) == ("succeeded", 1)


def test_the_worker_is_as_well_as_before(attacker: Shop, worker: WorkerProcess) -> None:
    assert worker.process.poll() is None
    assert result(attacker.call("::attacker/innocent")) == "fine"
    assert not Run.objects.filter(environment=attacker.environment, status="running").exists()
