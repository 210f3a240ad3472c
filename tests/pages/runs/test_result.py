"""The Result tab: what the run returned, however large."""

import json
import re
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.pages.runs.visit import address, visit
from tests.reading import attribute, one, said, select, text_of
from tests.samples import OMIT, call, event, run
from tests.upstream import FakeUpstream

MEGABYTE = 10**6


def large(shape: str) -> object:
    """A value of some 20 MB as JSON, in shapes that take very different room when parsed."""
    shapes = {
        "one text": "x" * (20 * MEGABYTE),
        "numbers": [7] * (10 * MEGABYTE),
        "rows": [{"sku": f"88-{n}", "qty": n, "ok": True} for n in range(500_000)],
    }
    return shapes[shape]


def peak_bytes() -> int:
    """The most memory that this process held since it was last reset."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


def test_a_result_is_a_tree(cast: Cast, upstream: FakeUpstream):
    made = run(result={"order": 7, "price": {"$type": "::shop/Money", "$val": "5 EUR"}})
    upstream.show(made, [call()], event(event_id=made["event_id"]))
    answer = visit(cast, made, "result/")
    assert text_of(one(answer, ".tabs [aria-current=page]")) == "Result"
    assert text_of(one(answer, "#details h2")) == "Returned"
    assert "order: 7" in said(answer)
    assert "price: ::shop/Money" in said(answer)
    assert attribute(answer, "#details [download]", "href") == address(made, "result/download/")


@pytest.mark.parametrize(
    ("status", "words"), [("failed", "Failed with"), ("cancelled", "Cancelled with")]
)
def test_an_end_that_is_no_return_is_named(
    cast: Cast, upstream: FakeUpstream, status: str, words: str
):
    upstream.show(made := run(status), [], event(event_id=made["event_id"]))
    assert text_of(one(visit(cast, made, "result/"), "#details h2")) == words


def test_a_result_of_null_is_shown_as_null(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(result=None), [], event(event_id=made["event_id"]))
    assert text_of(one(visit(cast, made, "result/"), "#details .json li")) == "null"


def test_a_run_under_way_has_no_result_yet(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run("running"), [], event(event_id=made["event_id"]))
    assert "There is no result yet." in said(visit(cast, made, "result/"))


def test_a_server_that_keeps_no_result_is_quoted_so(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(result=OMIT), [], event(event_id=made["event_id"]))
    assert "The server keeps no result of this run." in said(visit(cast, made, "result/"))


def test_a_tree_stays_within_its_bounds_and_says_what_is_missing(
    cast: Cast, upstream: FakeUpstream
):
    deep: object = "bottom"
    for _ in range(200):
        deep = {"a": deep}
    made = run(result={"deep": deep, "many": [{"n": n} for n in range(3000)]})
    upstream.show(made, [], event(event_id=made["event_id"]))
    answer = visit(cast, made, "result/")
    assert len(select(answer, "#details .json li")) <= 2000
    assert "Not all of it is drawn here" in said(answer)
    assert "bottom" not in said(answer)


@pytest.mark.parametrize("shape", ["one text", "numbers", "rows"])
def test_a_result_of_20_mb_neither_fills_the_page_nor_the_memory(
    cast: Cast, upstream: FakeUpstream, shape: str
):
    made = run(result=OMIT)
    upstream.show(made, [call()], event(event_id=made["event_id"]))
    body = json.dumps({"data": {**made, "result": large(shape)}}).encode()
    assert len(body) > 18 * MEGABYTE
    upstream.raw(f"/runs/{made['run_id']}", body, content_type="application/json")
    before = peak_after_reset()
    for tab in ("", "result/", "raw/"):
        answer = visit(cast, made, tab)
        assert answer.status_code == 200
        assert len(answer.content) < 200_000
    assert peak_bytes() - before < 150 * MEGABYTE
    shown = visit(cast, made, "result/")
    assert "This is the beginning" in said(shown)
    assert attribute(shown, "#details .link", "href") == address(made, "result/download/")


def peak_after_reset() -> int:
    """Forget the peak so far, and return what the process holds now."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_bytes()
