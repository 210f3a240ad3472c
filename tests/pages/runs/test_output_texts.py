"""What a run says may hold anything; what a person reads shows it."""

import pytest

from tests import samples
from tests.cast import Cast
from tests.pages.runs.visit import visit
from tests.reading import one, text_of
from tests.upstream import FakeUpstream


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a\x1b[2Jb", "a␛[2Jb"),
        ("photo\u202egpj.exe", "photo⟨U+202E⟩gpj.exe"),
        ("x\u2066y\u2069", "x⟨U+2066⟩y⟨U+2069⟩"),
        ("nul\x00", "nul␀"),
    ],
)
def test_what_is_invisible_in_what_a_run_says_is_shown(
    cast: Cast, upstream: FakeUpstream, sent: str, shown: str
) -> None:
    made = samples.run(event_id=None)
    upstream.show(made, [samples.call()])
    piece = {"stream_data_id": samples.new_id(), "run_id": made["run_id"]}
    upstream.many(
        f"/runs/{made['run_id']}/stream-data",
        [piece | {"data_type": f"log{sent}", "payload": sent}],
    )
    answer = visit(cast, made)
    assert text_of(one(answer, "ol.feed .said")) == shown
    assert not {"\x1b", "\x00", "\u202e", "\u2066", "\u2069"} & set(answer.content.decode())
