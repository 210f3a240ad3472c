"""Outside text on the page of a run is only text: P1, P2 and P3 of the threats."""

import pytest

from tests.cast import Cast
from tests.pages.runs.visit import visit
from tests.reading import said, select
from tests.samples import Wire, call, event, run, variable
from tests.upstream import FakeUpstream

TABS = ["", "input/", "result/", "raw/", "variables/", "lineage/"]
ATTACKS = [
    "<img src=x onerror=alert(1)>",
    '"><b hx-get=/x hx-trigger=load>',
    "{{7*7}}",
    "]]></script><script>alert(1)</script>",
    "javascript:alert(1)",
]


def show_full_of(upstream: FakeUpstream, text: str, status: str = "failed") -> Wire:
    """A run whose every text is this one."""
    error = {"type": text, "msg": text}
    made = run(
        status,
        project_name=text,
        ns=text,
        var=text,
        event_type=text,
        run_type=text,
        result={"$type": text, "$val": {"msg": text, "err": {"type": text, text: [text]}}},
    )
    calls = [call(1, ns=text, var=text, error=error, args={text: text}, value=text, file=text)]
    own = event(text, event_id=made["event_id"], event_data={text: text}, source=text)
    sent = event(text, source="run", origin_run_id=made["run_id"])
    upstream.show(made, calls, own)
    upstream.many("/runs", [made, run(event_id=sent["event_id"], var=text)])
    upstream.many("/events", [sent, own])
    return made


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("text", ATTACKS)
def test_text_from_outside_stays_text(cast: Cast, upstream: FakeUpstream, text: str, tab: str):
    made = show_full_of(upstream, text)
    answer = visit(cast, made, tab)
    assert answer.status_code == 200
    assert text in said(answer)
    assert not select(answer, "main script, main img, [onerror], [hx-get='/x']")
    assert not select(answer, "main a[href^=javascript]")


@pytest.mark.parametrize("text", ATTACKS)
def test_variables_from_outside_stay_text(cast: Cast, upstream: FakeUpstream, text: str):
    made = show_full_of(upstream, text)
    rows = [variable(ns=text, var=text, value={text: text})]
    upstream.many(f"/runs/{made['run_id']}/vars", rows)
    answer = visit(cast, made, "variables/")
    assert text in said(answer)
    assert not select(answer, "main script, main img, [onerror], [hx-get='/x']")


@pytest.mark.parametrize("tab", TABS)
def test_what_htmx_could_read_lies_where_htmx_does_not_look(
    cast: Cast, upstream: FakeUpstream, tab: str
):
    made = show_full_of(upstream, "canary")
    answer = visit(cast, made, tab)
    outside = [
        node
        for node in select(answer, "main *")
        if "canary" in node.text(deep=False) and not _is_disabled(node)
    ]
    assert not outside


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize(
    ("text", "shown"),
    [("\x1b[2J", "␛[2J"), ("a\u202egpj.exe", "a⟨U+202E⟩gpj.exe"), ("\u2066x", "⟨U+2066⟩x")],
)
def test_what_cannot_be_seen_is_shown(
    cast: Cast, upstream: FakeUpstream, tab: str, text: str, shown: str
):
    made = show_full_of(upstream, text)
    answer = visit(cast, made, tab)
    assert shown in said(answer)
    assert text not in answer.content.decode()


def test_a_status_that_nobody_knows_is_shown_as_text(cast: Cast, upstream: FakeUpstream):
    made = show_full_of(upstream, "<b>melted</b>", status="<b>melted</b>")
    answer = visit(cast, made)
    assert answer.status_code == 200
    assert "<b>melted</b>" in said(answer)


def _is_disabled(node) -> bool:
    while node is not None:
        if "hx-disable" in (node.attributes or {}):
            return True
        node = node.parent
    return False
