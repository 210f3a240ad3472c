"""`pack` makes of a directory what an upload takes and a worker runs."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from hotdash.localapi.archives import archive
from hotdash.localapi.archives.pack import CannotPack, main, pack
from tests.localapi.runtime.shop import Shop, result
from tests.localapi.runtime.workers import WorkerProcess

SAMPLE = Path(__file__).parents[3] / "hotdash" / "localapi" / "samples"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "demo"
    (place / "fixture").mkdir(parents=True)
    (place / "fixture" / "sdk.py").write_text(
        "from hotbuild import on_event, schedule\n\n"
        '@on_event("a:b", retry=2, retry_delay=1.5)\ndef add_nums(numbers):\n    return 1\n\n'
        '@schedule("0 3 * * *")\ndef nightly():\n    pass\n\ndef _private():\n    pass\n'
    )
    (place / "words.txt").write_text("a file of the build")
    (place / ".env").write_text("SECRET=1")
    return place


def manifest_of(packed: Path) -> dict[str, object]:
    with zipfile.ZipFile(packed) as opened:
        (bundle,) = json.loads(opened.read("manifest.hot")).values()
    assert isinstance(bundle, dict)
    return bundle


def test_names_follow_paths(project: Path, tmp_path: Path) -> None:
    pack(project, tmp_path / "a.zip", "demo")
    bundle = manifest_of(tmp_path / "a.zip")
    place = {"file": "fixture/sdk.py", "line": 3}
    assert bundle["event_handlers"] == {
        "a:b": [
            {"fn": "::fixture::sdk/add-nums", **place, "meta": {"retry": 2, "retry_delay_ms": 1500}}
        ]
    }
    assert bundle["scheduled_functions"] == {
        "0 3 * * *": [
            {"fn": "::fixture::sdk/nightly", "file": "fixture/sdk.py", "line": 7, "meta": {}}
        ]
    }
    assert bundle["functions"] == [
        {"fn": "::fixture::sdk/add-nums", **place},
        {"fn": "::fixture::sdk/nightly", "file": "fixture/sdk.py", "line": 7},
    ]


def test_a_schedule_in_english_is_kept_as_it_was_written(project: Path, tmp_path: Path) -> None:
    (project / "weekly.py").write_text(
        "from hotbuild import schedule\n\n"
        '@schedule("every Monday at 9am")\ndef report():\n    pass\n'
    )
    pack(project, tmp_path / "a.zip", "demo")
    scheduled = manifest_of(tmp_path / "a.zip")["scheduled_functions"]
    assert isinstance(scheduled, dict)
    assert list(scheduled) == ["0 3 * * *", "every Monday at 9am"]


def test_a_schedule_that_is_none_is_named_with_its_place(project: Path, tmp_path: Path) -> None:
    (project / "weekly.py").write_text(
        'from hotbuild import schedule\n\n@schedule("now and then")\ndef report():\n    pass\n'
    )
    with pytest.raises(CannotPack) as refused:
        pack(project, tmp_path / "a.zip", "demo")
    words = (
        r"::weekly/report (weekly.py, line 3) cannot be scheduled: 'now and then' is no schedule"
    )
    assert str(refused.value).startswith(words)
    assert not (tmp_path / "a.zip").exists()


def test_hidden_files_stay_at_home(project: Path, tmp_path: Path) -> None:
    pack(project, tmp_path / "a.zip", "demo")
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        assert sorted(opened.namelist()) == ["manifest.hot", "src/fixture/sdk.py", "src/words.txt"]


def test_an_upload_accepts_what_was_packed(project: Path, tmp_path: Path) -> None:
    digest = pack(project, tmp_path / "a.zip", "demo")
    manifest = archive.check(tmp_path / "a.zip")
    assert (manifest.project, manifest.bundle_hash, manifest.is_python) == ("demo", digest, True)


def test_the_same_files_have_the_same_hash(project: Path, tmp_path: Path) -> None:
    first = pack(project, tmp_path / "a.zip", "demo")
    assert pack(project, tmp_path / "b.zip", "demo") == first
    (project / "words.txt").write_text("other words")
    assert pack(project, tmp_path / "c.zip", "demo") != first


def test_the_command_names_the_project_by_its_directory(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "x.zip"
    assert main([str(project), "-o", str(output)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == str(output)
    assert archive.read_manifest(output).project == "demo"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("broken.py", "import not_there", "broken.py does not import: ModuleNotFoundError"),
        ("late.py", "import os; os._exit(4)", "ended its process: it ended with status 4"),
        (
            "inner.py",
            "from hotbuild import on_event\nclass A:\n  @on_event('a')\n  def b(self): 1",
            "::inner/A.b cannot be a handler or be scheduled",
        ),
        ("early.py", "from hotbuild import send\nsend('a', 1)", "send() works inside a run"),
        ("many.py", "from hotbuild import on_event\non_event('a', retry=101)", "from 0 to 100"),
    ],
)
def test_what_cannot_be_packed_is_told_in_words(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, reason: str
) -> None:  # fmt: skip
    (project / name).write_text(text)
    assert main([str(project), "-o", str(project / "out.zip")]) == 1
    assert reason in capsys.readouterr().err


def test_a_directory_without_modules_is_no_build(tmp_path: Path) -> None:
    with pytest.raises(CannotPack, match="holds no Python module"):
        pack(tmp_path, tmp_path / "a.zip", "demo")
    with pytest.raises(CannotPack, match="is no directory"):
        pack(tmp_path / "not-there", tmp_path / "a.zip", "demo")


def test_a_symbolic_link_is_refused(project: Path, tmp_path: Path) -> None:
    (project / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(CannotPack, match="symbolic link"):
        pack(project, tmp_path / "a.zip", "demo")


def test_the_sample_build_runs(shop: Shop, worker: WorkerProcess, tmp_path: Path) -> None:
    pack(SAMPLE / "storefront", tmp_path / "a.zip", "storefront")
    shop.settle(shop.store(tmp_path / "a.zip"))
    events = json.loads((SAMPLE / "events.json").read_text())
    quick = [e for e in events if e["event_type"] in {"cart:updated", "hot:call"}]
    runs = [
        run for e in quick for run in shop.runs_of(shop.publish(e["event_type"], e["event_data"]))
    ]
    assert [run.status for run in runs].count("failed") == 1, "nothing is sold under CHAIR-9"
    placed = next(e for e in events if e["event_type"] == "order:placed")
    event = shop.publish("order:placed", placed["event_data"])
    (order,) = shop.runs_of(event)
    assert result(order)["receipt"] == "rc-A-20417"
    (sent,) = event.stream.events.filter(source="run")
    assert [run.status for run in shop.runs_of(sent)] == ["succeeded", "succeeded"]


def test_the_build_that_the_docs_show_runs(shop: Shop, worker: WorkerProcess) -> None:
    text = (Path(__file__).parents[3] / "docs" / "embedded-api.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    shop.deploy({"shop/orders.py": code})
    order = {"number": "A-1", "lines": [{"quantity": 2}, {"quantity": 3}]}
    (run,) = shop.runs_of(shop.publish("order:placed", order))
    assert result(run) == {"pieces": 5}
