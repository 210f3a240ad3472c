"""Handlers keep files, and find those that others kept (contract 5.8)."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from hotdash.localapi import contents
from hotdash.localapi.files import keeping
from hotdash.localapi.models import File, Run
from tests.localapi.runtime.shop import Shop, failure, make_shop, result
from tests.localapi.runtime.workers import WorkerProcess

BUILD = {
    "keeper.py": """
import hashlib, io, os, threading
from hotbuild import files

def write(path, text, content_type=None):
    kept = files.write(path, text, content_type)
    return {"path": kept.path, "size": kept.size, "type": kept.content_type,
            "id": kept.file_id, "year": kept.updated_at.year}

def read(path):
    return files.read(path).decode()

def write_large(path, mib):
    piece = bytes(range(256)) * 4096
    with open("laid-aside", "w+b") as source:
        for _ in range(mib):
            source.write(piece)
        source.seek(0)
        return files.write(path, source).size

def hash_of(path):
    digest = hashlib.sha256()
    with files.open(path) as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()

def names(prefix=""):
    return [file.path for file in files.list(prefix)]

def delete(path, missing_ok=False):
    files.delete(path, missing_ok=missing_ok)

def scribble(path):
    with files.open(path) as content:
        return os.write(content.fileno(), b"x")

def from_threads(count):
    threads = [
        threading.Thread(target=files.write, args=(f"threads/{n}.txt", str(n)))
        for n in range(count)
    ]
    [one.start() for one in threads]
    [one.join() for one in threads]
    return sorted(files.read(name).decode() for name in names("threads/"))

def write_nonsense():
    files.write("a.txt", 7)

def write_too_large(path):
    files.write(path, bytes(300 * 1024 * 1024))

def what_is_left():
    files.write("left.txt", "x")
    return os.listdir(".")

files_at_import = []
try:
    files.read("a.txt")
except RuntimeError as error:
    files_at_import.append(str(error))

def at_import():
    return files_at_import
"""
}


@pytest.fixture
def keeper(deployed: Shop, stored: None) -> Shop:
    return deployed


def kept(shop: Shop, path: str) -> File:
    return File.objects.get(environment=shop.environment, path=path)


def written(shop: Shop, path: str, text: str, *more: Any) -> Run:
    return shop.call("::keeper/write", path, text, *more)


def test_a_run_keeps_a_file_and_is_named_by_it(keeper: Shop) -> None:
    run = written(keeper, "hot://receipts//A-1.txt", "two caps, ümlaut")
    file = kept(keeper, "receipts/A-1.txt")

    assert result(run) == {
        "path": "receipts/A-1.txt",
        "size": 17,
        "type": "text/plain",
        "id": str(file.file_id),
        "year": file.updated_at.year,
    }
    assert (file.created_by_run_id, file.updated_by_run_id) == (run.run_id, run.run_id)
    assert contents.path_of(file.content_id).read_text() == "two caps, ümlaut"


def test_another_run_reads_it_and_writes_it_anew(keeper: Shop) -> None:
    first = written(keeper, "notes/today.md", "first")
    assert result(keeper.call("::keeper/read", "notes/today.md")) == "first"

    second = written(keeper, "notes/today.md", "second", "text/x-own")

    file = kept(keeper, "notes/today.md")
    assert result(keeper.call("::keeper/read", "notes/today.md")) == "second"
    assert result(second)["id"] == result(first)["id"]
    assert (file.created_by_run_id, file.updated_by_run_id) == (first.run_id, second.run_id)
    assert file.content_type == "text/x-own"


def test_a_content_that_a_client_uploaded_is_read(keeper: Shop) -> None:
    with contents.draft() as draft:
        draft.write(b"from outside")
        keeping.put(keeping.Target(keeper.environment.env_id, "in/a.txt"), draft)

    assert result(keeper.call("::keeper/read", "in/a.txt")) == "from outside"


def test_a_large_content_goes_both_ways(keeper: Shop) -> None:
    expected = hashlib.sha256(bytes(range(256)) * 4096 * 8).hexdigest()

    assert result(keeper.call("::keeper/write-large", "large.bin", 8)) == 8 * 1024 * 1024
    assert result(keeper.call("::keeper/hash-of", "large.bin")) == expected


def test_files_are_listed_by_their_true_prefix_in_order(keeper: Shop) -> None:
    for number in range(205):  # more than one page
        with contents.draft() as draft:
            draft.write(b"x")
            path = f"many/{number:03}.txt"
            keeping.put(keeping.Target(keeper.environment.env_id, path), draft)
    written(keeper, "Many/other.txt", "not under many/")

    names = result(keeper.call("::keeper/names", "many/"))

    assert names == [f"many/{number:03}.txt" for number in range(205)]


def test_a_deleted_file_is_gone(keeper: Shop) -> None:
    written(keeper, "old/a.txt", "x")

    assert keeper.call("::keeper/delete", "old/a.txt").status == "succeeded"
    assert result(keeper.call("::keeper/names", "old/")) == []
    assert failure(keeper.call("::keeper/delete", "old/a.txt"))["err"]["type"] == (
        "FileNotFoundError"
    )
    assert keeper.call("::keeper/delete", "old/a.txt", True).status == "succeeded"


@pytest.mark.parametrize(
    ("function", "path", "kind", "words"),
    [
        ("read", "no/where.txt", "FileNotFoundError", "There is no file no/where.txt."),
        ("read", "../escape", "ValueError", "leads out of"),
        ("delete", "", "ValueError", "names no file"),
        ("hash-of", "a/\0b", "ValueError", "control character"),
        ("read", "x" * 4_000, "ValueError", "longer than 1,024 bytes"),
        ("read", "x" * 9_000, "ValueError", "longer than 8,000 characters"),
    ],
)
def test_what_cannot_be_is_raised_in_words(
    keeper: Shop, function: str, path: str, kind: str, words: str
) -> None:
    raised = failure(keeper.call(f"::keeper/{function}", path))
    assert raised["err"]["type"] == kind
    assert words in raised["msg"]


def test_a_content_type_that_is_none_is_refused(keeper: Shop) -> None:
    raised = failure(written(keeper, "a.txt", "x", "not a type"))
    assert (raised["err"]["type"], "media type" in raised["msg"]) == ("ValueError", True)


def test_what_is_no_content_is_refused(keeper: Shop) -> None:
    assert failure(keeper.call("::keeper/write-nonsense"))["err"]["type"] == "TypeError"


def test_a_run_writes_no_more_than_its_limit_into_a_file(keeper: Shop) -> None:
    raised = failure(keeper.call("::keeper/write-too-large", "huge.bin"))
    assert raised["err"]["type"] in {"OSError", "MemoryLimit"}
    assert not File.objects.filter(environment=keeper.environment, path="huge.bin").exists()


def test_what_a_run_reads_it_cannot_change(keeper: Shop) -> None:
    written(keeper, "safe.txt", "safe")

    assert failure(keeper.call("::keeper/scribble", "safe.txt"))["err"]["type"] == "OSError"
    assert contents.path_of(kept(keeper, "safe.txt").content_id).read_text() == "safe"


def test_threads_of_a_handler_take_turns(keeper: Shop) -> None:
    assert result(keeper.call("::keeper/from-threads", 8)) == [str(n) for n in range(8)]


def test_nothing_of_a_write_is_left_in_the_scratch_directory(keeper: Shop) -> None:
    assert result(keeper.call("::keeper/what-is-left")) == []


def test_files_are_for_runs_not_for_imports(keeper: Shop) -> None:
    assert "not while the build is imported" in result(keeper.call("::keeper/at-import"))[0]


def test_a_run_sees_no_file_of_another_environment(
    keeper: Shop, worker: WorkerProcess, tmp_path: Path
) -> None:
    written(keeper, "secret.txt", "theirs")
    other = make_shop(tmp_path)
    other.deploy(BUILD)

    assert result(other.call("::keeper/names")) == []
    assert failure(other.call("::keeper/read", "secret.txt"))["err"]["type"] == "FileNotFoundError"
    assert other.call("::keeper/write", "secret.txt", "ours").status == "succeeded"
    assert result(keeper.call("::keeper/read", "secret.txt")) == "theirs"
