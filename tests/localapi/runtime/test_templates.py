"""A build that speaks in its template's place ends its own runs, and no other's (threats R5)."""

from collections.abc import Callable

import pytest

from tests.localapi.runtime.shop import Shop, failure, make_shop, result
from tests.localapi.runtime.workers import WorkerProcess

INNOCENT = {"innocent.py": 'def innocent():\n    return "fine"\n'}
# an import finds the template's socket, and what it keeps of it, its runs have too
LIAR = """
import json, os, socket, stat, time

def is_socket(number):
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False

control = next((os.dup(number) for number in range(3, 20) if is_socket(number)), None)

def say(message, repeat):
    line = json.dumps(message).encode() + b"\\n"
    with socket.socket(fileno=os.dup(control)) as connection:
        connection.sendall(line * repeat)
    time.sleep(60)
"""


@pytest.fixture
def worker(start_worker: Callable[..., WorkerProcess]) -> WorkerProcess:
    return start_worker(HOTDASH_RUN_SECONDS="30")


@pytest.fixture
def neighbour(worker: WorkerProcess, shop: Shop) -> Shop:
    other = make_shop(shop.place)
    other.deploy(INNOCENT)
    return other


@pytest.mark.parametrize(
    ("message", "repeat"),
    [
        *(({"m": "ended", "status": status}, 1) for status in (None, 2**40, 0x137F, 0xFFFF)),
        ({"m": "started"}, 3),
        ({"m": "ready", "declared": {}}, 3),
        ({"m": "nonsense"}, 3),
    ],
)
def test_what_no_template_says_loses_its_own_runs(
    shop: Shop, neighbour: Shop, worker: WorkerProcess, message: dict[str, object], repeat: int
) -> None:
    shop.deploy({"liar.py": LIAR})
    lying = shop.call("::liar/say", message | {"run": "nobody"}, repeat)
    assert failure(lying)["err"]["type"] == "WorkerLost"
    assert worker.process.poll() is None
    assert result(neighbour.call("::innocent/innocent")) == "fine"
