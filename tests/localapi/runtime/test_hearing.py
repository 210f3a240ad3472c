"""What a worker hears of one run is bounded in all, however small its pieces are (threats R5)."""

import pytest

from hotdash.localapi.models import Run
from hotdash.localapi.runtime.hearing import Hearing, Overstepped
from hotdash.localapi.runtime.limits import MIB
from hotdash.localapi.runtime.lines import encode

PIECE = encode({"m": "stream-part", "part": "1"}) + encode({"m": "stream", "type": "data"})
CALL = encode(
    {"m": "call", "seq": 1, "ns": "a", "var": "b", "file": "c", "line": 1, "args": "{}", "start": 1}
)


def test_pieces_are_counted_with_what_they_cost() -> None:
    hearing = Hearing(Run())
    hearing.hear(PIECE * 80_000)
    with pytest.raises(Overstepped, match="more than 8 MiB streamed"):
        hearing.hear(PIECE * 4_000)


def test_a_run_is_heard_up_to_so_much_in_all() -> None:
    hearing = Hearing(Run())
    padded = CALL[:-1].ljust(MIB) + b"\n"
    for _ in range(127):
        hearing.hear(padded)
    with pytest.raises(Overstepped, match="more than 128 MiB"):
        hearing.hear(padded)
