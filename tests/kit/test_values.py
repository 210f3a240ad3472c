"""JSON values as a tree that folds, bounded whatever comes."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from selectolax.lexbor import LexborHTMLParser

from hotdash.kit.values import MOST_LINES, MOST_TEXT, tree


def drawn(value):
    """The HTML of a value, parsed."""
    return LexborHTMLParser(render_to_string("kit/value.html", {"value": tree(value)}))


def text_of(node):
    return " ".join(node.text().split())


def test_plain_values_are_written_as_json():
    values: list[object] = ["a", 3, 2.5, True, False, None, {}, []]
    written = [tree(value).nodes[0].text for value in values]
    assert written == ['"a"', "3", "2.5", "true", "false", "null", "{}", "[]"]


def test_an_object_folds_and_says_what_it_holds():
    html = drawn({"order": {"id": 7, "lines": [{"sku": "A"}]}})
    assert [text_of(node) for node in html.css("summary")] == [
        "{ 1 key }",
        "order: { 2 keys }",
        "lines: [ 1 item ]",
        "0: { 1 key }",
    ]
    opened = ["open" in node.attributes for node in html.css("details")]
    assert opened == [True, True, False, False]


def test_a_short_list_of_plain_values_takes_one_line():
    (node,) = tree(["EUR", "GBP", 3]).nodes
    assert node.text == '["EUR", "GBP", 3]'


@pytest.mark.parametrize("text", ['a", "b', "a\nb"])
def test_a_text_that_would_look_like_two_has_a_line_of_its_own(text):
    assert [node.line for node in tree([text, "c"]).nodes] == ["open", "leaf", "leaf", "close"]


def test_a_typed_value_shows_its_type_and_the_value_under_it():
    html = drawn({"$type": "::hot::run/Failure", "$val": {"msg": "no"}})
    assert text_of(html.css("summary")[0]) == "::hot::run/Failure"
    assert text_of(html.css(".j-key")[0]) == "msg"


def test_a_key_without_letters_is_a_key():
    assert text_of(drawn({"": 1}).css("li li")[0]) == '"": 1'


def test_every_opening_has_its_closing_even_where_it_was_cut():
    nodes = tree([{"a": [{"b": place}]} for place in range(5_000)]).nodes
    kinds = [node.line for node in nodes]
    assert kinds.count("open") == kinds.count("close")


def test_what_is_left_out_is_counted():
    shown = tree([{"n": place} for place in range(5_000)])
    assert shown.is_cut
    left_out = next(node.text for node in shown.nodes if node.line == "more")
    assert left_out.endswith(" more not shown here")
    assert len(shown.nodes) <= MOST_LINES * 2


def test_a_long_text_is_cut_and_says_by_how_much():
    shown = tree("x" * 1_002_000)
    assert shown.is_cut
    assert shown.nodes[0].text.endswith("… 1,000,000 more characters not shown here")


def test_the_text_of_all_lines_together_is_bounded():
    shown = tree([["x" * 1_500 for _ in range(50)] for _ in range(50)])
    assert shown.is_cut
    assert sum(len(node.text) for node in shown.nodes) <= MOST_TEXT + 20_000


def test_a_small_value_is_not_cut():
    assert not tree({"a": [1, 2, {"b": "c"}]}).is_cut


def test_depth_is_bounded():
    value: object = "bottom"
    for _ in range(900):
        value = {"down": value}
    shown = tree(value)
    assert shown.is_cut
    assert len(shown.nodes) < 60


def test_a_large_value_is_shaped_at_the_cost_of_what_is_drawn():
    opened = []

    class Row(dict[str, Any]):
        def items(self) -> Any:
            opened.append(self)
            return super().items()

    tree([Row(text="x" * 1000, n=place) for place in range(20_000)])
    assert 0 < len(opened) <= MOST_LINES


def test_outside_text_stays_text_in_keys_types_and_values():
    hostile = "<img src=x onerror=a()>\u202e\x1b"
    value = {hostile: hostile, "typed": {"$type": hostile, "$val": [hostile]}, "list": [hostile]}
    html = drawn(value)
    assert html.css("img") == []
    assert "\x1b" not in html.html
    assert "\u202e" not in html.html
    assert "hx-disable" in html.css_first(".json").attributes


def test_an_address_of_the_web_is_a_link_that_tells_nothing_about_us():
    html = drawn({"at": "https://hot.dev/docs?a=b"})
    link = html.css("a")[0]
    assert link.attributes["href"] == "https://hot.dev/docs?a=b"
    assert link.attributes["rel"] == "noreferrer noopener"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "//x", "https://"])
def test_other_addresses_are_text(text):
    html = drawn({"at": text})
    assert html.css("a") == []
    assert text in html.text()
