"""A template goes when nobody misses it, and speaks for no runs but its build's (threats R5)."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotdash.host import grounds
from hotdash.localapi.runtime.limits import Limits
from hotdash.localapi.runtime.sources import unpacked
from hotdash.localapi.runtime.templates import TemplateProcess, Templates
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


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one file besides programs that runs may read."""
    path = tmp_path / "resolv.conf"
    path.touch()
    monkeypatch.setattr(grounds, "_FILES", (str(path),))
    return path


@pytest.fixture
def templates(shop: Shop, ground: Path) -> Iterator[Templates]:
    templates = Templates(Limits(is_confined=True), unpacked, lambda _: shop.place)
    yield templates
    for template in templates:
        templates.drop(template)


@pytest.fixture
def unused(shop: Shop, templates: Templates) -> TemplateProcess:
    template = templates.get(shop.build(INNOCENT).build_id)
    assert templates.idle(set()) == []
    return template


def test_a_template_holds_on_to_no_file_that_was_replaced(
    templates: Templates, unused: TemplateProcess, ground: Path, tmp_path: Path
) -> None:
    (tmp_path / "new").touch()
    (tmp_path / "new").replace(ground)

    assert templates.idle({unused.build_id}) == [], "not while a run needs it"
    assert templates.idle(set()) == [unused]


def test_a_template_that_was_not_used_for_long_goes(
    templates: Templates, unused: TemplateProcess
) -> None:
    unused.used_at = time.monotonic() - 601

    assert templates.idle(set()) == [unused]
