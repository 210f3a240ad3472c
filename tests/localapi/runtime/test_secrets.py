"""No secret of the host reaches a run (threats R1): what it has is what it was given."""

import base64
import secrets as randomness
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from hotdash.localapi import engine
from hotdash.localapi.credentials import operator_key
from hotdash.localapi.models import Environment, Project
from tests.localapi.runtime.shop import Shop, calls_of, marks, put, result
from tests.localapi.runtime.workers import WorkerProcess
from tests.sockets import wait_for

CANARY = f"canary-{randomness.token_hex(12)}"
BUILD = {
    "curious.py": """
import ctypes, gc, os, sys, time

from hotbuild import ctx, on_event, run, stream

AT_IMPORT = dict(os.environ)

def environment():
    return {"now": dict(os.environ), "import": AT_IMPORT}

def descriptors():
    found = {}
    for number in os.listdir("/proc/self/fd"):
        try:
            found[number] = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            pass
    return found

def of_a_program():
    os.system("ls -l /proc/$$/fd > found")
    return open("found").read()

def rest():
    stream("here")
    time.sleep(60)

def strings(prefix):
    # in two halves, so that the search does not find its own argument
    needle = prefix + "-"
    found = []
    for thing in gc.get_objects():
        if isinstance(thing, dict):
            found += [str(v) for v in list(thing.values()) if isinstance(v, str) and needle in v]
    return [text for text in found if text != needle]

def whole_memory():
    for line in open("/proc/self/maps"):
        place, rights, _, _, inode, *name = line.split(maxsplit=5)
        if rights.startswith("rw") and not (name and name[0].startswith("[v")):
            start, end = (int(number, 16) for number in place.split("-"))
            yield ctypes.string_at(start, end - start)

def holds(secrets):
    # each in two halves, so that the search does not find what it searches for
    halves = [(name, one.encode("latin-1"), two.encode("latin-1")) for name, one, two in secrets]
    found = set()
    for block in whole_memory():
        for name, one, two in halves:
            place = block.find(one)
            while place >= 0:
                place += len(one)
                if block[place : place + len(two)] == two:
                    found.add(name)
                place = block.find(one, place)
    return sorted(found)

def django():
    return sorted(name for name in sys.modules if name.split(".")[0] in ("django", "hotdash"))

def path():
    return sys.path

def context(key):
    return ctx.get(key, "not there")

def use(api_answer):
    return api_answer

def leak():
    return use("the secret is " + ctx["DOOR_CODE"])
""",
}


@pytest.fixture(scope="module")
def worker(data: Path, tables: None, django_db_blocker: DjangoDbBlocker) -> Iterator[WorkerProcess]:
    """A worker whose own environment is full of what must not leave it."""
    with (
        django_db_blocker.unblock(),
        WorkerProcess(
            data,
            HOTDASH_RUN_SECONDS="60",
            HOTDASH_SECRET_KEY=CANARY,
            DATABASE_URL=f"postgres://{CANARY}@x/y",
        ) as w,
    ):
        yield w


@pytest.fixture
def curious(deployed: Shop, stored: None) -> Shop:
    return deployed


def test_a_run_has_exactly_this_environment(curious: Shop) -> None:
    run = curious.call("::curious/environment")
    found = result(run)
    assert sorted(found["import"]) == ["HOME", "LANG", "PATH", "TMPDIR", "TZ"]
    assert sorted(found["now"]) == ["HOME", "HOTDASH_RUN_ID", "LANG", "PATH", "TMPDIR", "TZ"]
    assert found["now"]["HOTDASH_RUN_ID"] == str(run.run_id)
    assert CANARY not in str(found)


def test_a_run_has_no_descriptor_but_its_socket(curious: Shop) -> None:
    neighbour = curious.start("::curious/rest")
    wait_for(lambda: marks(neighbour) == ["here"])
    found = result(curious.call("::curious/descriptors"))
    engine.cancel(neighbour.run_id)
    assert curious.over(neighbour).status == "cancelled"
    assert [found.pop(number) for number in "012"] == ["/dev/null"] * 3
    kinds = sorted(target.split(":")[0] for target in found.values())
    assert kinds == ["socket"]


def test_a_program_that_a_run_starts_has_not_its_socket(curious: Shop) -> None:
    found = result(curious.call("::curious/of-a-program"))
    assert "/dev/null" in found
    assert "socket" not in found


def test_no_string_in_a_runs_memory_is_a_secret_of_the_host(curious: Shop) -> None:
    assert CANARY not in str(result(curious.call("::curious/strings", "canary")))


def test_no_key_and_no_value_of_another_environment_is_in_a_runs_whole_memory(
    curious: Shop, data: Path
) -> None:
    other = Environment.objects.create(org_id=curious.environment.org_id, name="foreign")
    foreign = f"foreign-{randomness.token_hex(12)}"
    put(Project.objects.create(environment=other, name="shop"), "FOREIGN", f'"{foreign}"')
    own = f"own-{randomness.token_hex(12)}"
    put(curious.project, "OWN", f'"{own}"')
    ring = (data / "api-keys").read_text().strip().partition(":")[2]
    secrets = {
        "the variables of the server": CANARY,
        "the ring": ring,
        "the key itself": base64.b64decode(ring).decode("latin-1"),
        "the operator key": operator_key.ensure().read_text().strip(),
        "another environment's value": foreign,
        "its own value": own,
    }
    halves = [
        (name, text[: len(text) // 2], text[len(text) // 2 :]) for name, text in secrets.items()
    ]
    assert result(curious.call("::curious/holds", halves)) == ["its own value"]


def test_nothing_of_the_server_is_loaded_but_what_executes_runs(curious: Shop) -> None:
    modules = result(curious.call("::curious/django"))
    assert not [name for name in modules if name.startswith("django")]
    assert not [name for name in modules if "settings" in name or "models" in name]


def test_neither_the_project_nor_the_working_directory_is_on_the_path(curious: Shop) -> None:
    path = result(curious.call("::curious/path"))
    assert not {str(Path(__file__).parents[3]), "", "/"} & set(path)


def test_a_run_reads_the_context_of_its_own_project_only(curious: Shop) -> None:
    other = Environment.objects.create(org_id=curious.environment.org_id, name="other")
    put(Project.objects.create(environment=other, name="shop"), "SHARED", f'"{CANARY}"')
    put(curious.project, "LIMIT", "17")
    put(curious.project, "WORD", "plain")
    assert result(curious.call("::curious/context", "LIMIT")) == 17
    assert result(curious.call("::curious/context", "WORD")) == "plain"
    assert result(curious.call("::curious/context", "SHARED")) == "not there"


def test_a_context_value_is_masked_in_the_trace(curious: Shop) -> None:
    put(curious.project, "DOOR_CODE", f'"{CANARY}"')
    run = curious.call("::curious/leak")
    leak, use = calls_of(run)
    assert use.args == '{"api_answer": "the secret is ***"}'
    assert (leak.value, use.value) == ('"the secret is ***"', '"the secret is ***"')
