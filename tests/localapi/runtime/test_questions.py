"""What a run asks of its worker is answered in its own scope, and in words (threats R5, R6)."""

import os
from pathlib import Path
from typing import Any

import pytest

from hotdash.localapi.models import File, Run
from hotdash.localapi.runtime.hearing import Hearing, Overstepped
from hotdash.localapi.runtime.limits import ASKED
from hotdash.localapi.runtime.lines import encode
from hotdash.localapi.runtime.messages import ASKS
from hotdash.localapi.runtime.services import SERVICES
from tests.localapi.runtime.shop import Shop, failure, result

BUILD = {
    "asker.py": """
import json, os, socket
from pathlib import Path

def wire():
    for number in range(3, 64):
        try:
            return socket.socket(fileno=os.dup(number))
        except OSError:
            pass

def ask(message, times=1):
    connection = wire()
    connection.sendall((json.dumps(message) + chr(10)).encode() * times)
    return json.loads(connection.recv(65536).partition(b"\\n")[0])

def ask_about(kind, target=""):
    place = Path(".outgoing")
    if kind == "link":
        place.symlink_to(target)
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "directory":
        place.mkdir()
    given = {"path": "taken.txt", "type": ""}
    return ask({"m": "ask", "what": "files.write", "given": given})
"""
}


@pytest.fixture
def asker(deployed: Shop, stored: None) -> Shop:
    return deployed


def question(what: str, **given: Any) -> dict[str, Any]:
    return {"m": "ask", "what": what, "given": given}


def test_every_question_has_its_answer() -> None:
    assert ASKS.keys() == SERVICES.keys()


def test_a_question_is_answered(asker: Shop) -> None:
    answer = result(asker.call("::asker/ask", question("files.list", prefix="", after="")))
    assert answer == {"m": "answer", "ok": {"files": [], "has_more": False}}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (question("files.steal", path="a"), "an unknown question"),
        ({"m": "ask", "what": ["files.open"], "given": {}}, "an unknown question"),
        ({"m": "ask", "what": "files.open"}, "a question 'files.open' with other facts"),
        (question("files.open"), "a question 'files.open' with other facts"),
        (question("files.open", path="a", env_id="b"), "a question 'files.open' with other facts"),
        (question("files.write", path="a", type="", run_id="b"), "with other facts than its own"),
        (question("files.open", path=7), "with a fact that is no short text"),
        (question("files.open", path="x" * 8_001), "with a fact that is no short text"),
        (question("files.open", path="a") | {"env_id": "b"}, "with an unknown field"),
    ],
)
def test_a_question_out_of_its_scope_ends_the_run(
    asker: Shop, message: dict[str, Any], reason: str
) -> None:
    raised = failure(asker.call("::asker/ask", message))
    assert raised["err"]["type"] == "ProtocolError"
    assert reason in raised["msg"]


def test_a_second_question_before_the_answer_ends_the_run(asker: Shop) -> None:
    raised = failure(asker.call("::asker/ask", question("files.list", prefix="", after=""), 2))
    assert "a question while another one is unanswered" in raised["msg"]


def test_questions_without_end_end_the_run() -> None:
    hearing, line = Hearing(Run()), encode(question("files.list", prefix="", after=""))
    for _ in range(ASKED):
        hearing.hear(line)
        hearing.answered()
    with pytest.raises(Overstepped, match="output limit: more than 10,000 questions asked"):
        hearing.hear(line)


@pytest.mark.parametrize("kind", ["nothing", "link", "pipe", "directory"])
def test_a_worker_takes_a_file_of_the_run_and_no_other(
    asker: Shop, data: Path, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "secret").write_text("not the run's")

    answer = result(asker.call("::asker/ask-about", kind, os.fspath(tmp_path / "secret")))

    refused = {"type": "ValueError", "msg": "The run laid down no content."}
    assert answer == {"m": "answer", "refused": refused}
    assert not File.objects.filter(environment=asker.environment, path="taken.txt").exists()
