"""The sample does what it says that it does."""

from pathlib import Path

from hotdash.localapi import contents
from hotdash.localapi.archives.pack import pack
from hotdash.localapi.models import File
from tests.localapi.runtime.shop import make_shop, result
from tests.localapi.runtime.workers import WorkerProcess

SAMPLE = Path(contents.__file__).parent / "samples" / "storefront"


def test_the_sample_leaves_its_report_as_a_file(
    tables: None, stored: None, worker: WorkerProcess, tmp_path: Path
) -> None:
    shop = make_shop(tmp_path)
    pack(SAMPLE, tmp_path / "sample.zip", "shop")
    shop.settle(shop.store(tmp_path / "sample.zip"))

    (run,) = shop.runs_of(shop.publish("report:requested", {"month": "2026-10", "days": 1}))

    assert result(run)["file"] == "reports/2026-10.csv"
    file = File.objects.get(environment=shop.environment, path="reports/2026-10.csv")
    assert (file.content_type, file.created_by_run_id) == ("text/csv", run.run_id)
    assert contents.path_of(file.content_id).read_text() == "day,orders\n1,27\n"
