"""Results and inputs as files: whole, never shown by the browser."""

import json

import pytest

from tests.cast import Cast
from tests.pages.runs.visit import visit
from tests.reading import said
from tests.samples import event, run
from tests.troubles import TROUBLES, bring
from tests.upstream import FakeUpstream


def test_a_result_comes_as_a_json_file(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(result={"a": "ü"}), [])
    answer = visit(cast, made, "result/download/")
    assert json.loads(answer.getvalue()) == {"a": "ü"}
    assert answer["Content-Type"] == "application/json"
    name = f"run-{made['run_id'][-12:]}-result.json"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_a_large_result_comes_byte_by_byte_as_the_server_wrote_it(
    cast: Cast, upstream: FakeUpstream
):
    made = run()
    text = "[" + "1, " * 700_000 + "2]"
    body = json.dumps({"data": made}).replace('{"order_id": 7, "charged": 5}', text)
    upstream.raw(f"/runs/{made['run_id']}", body.encode(), content_type="application/json")
    answer = visit(cast, made, "result/download/")
    assert answer["Content-Length"] == str(len(text))
    assert answer.getvalue() == text.encode()


def test_an_input_comes_as_a_json_file(cast: Cast, upstream: FakeUpstream):
    made = run()
    upstream.show(made, [], event(event_id=made["event_id"], event_data=[1, None]))
    answer = visit(cast, made, "input/download/")
    assert json.loads(answer.getvalue()) == [1, None]
    assert "-input.json" in answer["Content-Disposition"]


def test_what_is_not_there_cannot_be_downloaded_and_says_why(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run("running", event_id=None), [])
    whys = {
        "result/download/": "This run has no result yet.",
        "input/download/": "This run was given no data.",
    }
    for tab, why in whys.items():
        answer = visit(cast, made, tab)
        assert answer.status_code == 404
        assert why in said(answer)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_a_page_in_words_and_no_file(cast: Cast, upstream: FakeUpstream, trouble: str):
    made = run()
    bring(upstream, f"/runs/{made['run_id']}", trouble)
    answer = visit(cast, made, "result/download/")
    status, title = TROUBLES[trouble]
    assert answer.status_code == status
    assert "Content-Disposition" not in answer
    assert title in said(answer)
