"""What an address asks for: words that do not exist are left out and said, never a fault."""

import pytest

from hotdash.kit.conditions import Conditions, query_string, read_id
from tests.samples import new_id

COLOURS = ("red", "green")


def test_what_exists_is_read_and_nothing_is_said() -> None:
    asked = Conditions({"colour": "red", "from": "51"})
    assert (asked.read("colour", COLOURS), asked.read("shape", ())) == ("red", "")
    assert asked.read_offset() == 50
    assert asked.unknown == []


def test_what_does_not_exist_is_left_out_and_said() -> None:
    asked = Conditions({"colour": "mauve\x1b", "from": "none"}, " in this room")
    assert asked.read("colour", COLOURS) == ""
    assert asked.read_offset() == 0
    colour, position = asked.unknown
    assert colour == "There is no colour “mauve␛” in this room."
    assert position.startswith("“none” is no position in the list")


@pytest.mark.parametrize("text", ["", None, "x", "../../etc", "0" * 31])
def test_what_is_no_id_is_none(text: str | None) -> None:
    assert read_id(text) is None


def test_an_id_is_read_however_it_is_written() -> None:
    run_id = new_id()
    assert str(read_id(run_id.replace("-", "").upper())) == run_id


def test_an_address_holds_only_what_is_told() -> None:
    assert (
        query_string({"status": "failed", "from": 0, "first": None, "type": ""}) == "?status=failed"
    )
    assert query_string({"status": "", "first": None}) == ""
    assert query_string({"a": "b c&d"}) == "?a=b+c%26d"
