"""The loop of a list, whose markup is worked out once for all its rows.

`{% flat row in rows %}` writes what `{% for row in rows %}` would, for rows that are mappings or
plain objects of text. Django looks up, localizes and escapes each variable of each row on its own:
on a list of fifty runs that was most of the template's time. Here whatever is not the row's is
settled before the first row, and a row costs no more than its own texts, escaped.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from typing import Any, cast

from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, TokenType, VariableNode
from django.template.defaulttags import IfNode, TemplateLiteral
from django.utils.safestring import SafeString

_HEAD = re.compile(r"flat (\w+) in (\S+)")
_END = "endflat"


@dataclass(frozen=True)
class Field:
    """A text of the row."""

    key: str


@dataclass(frozen=True)
class Choice:
    """What stands where a text of the row is given, or is a certain one, and what where not."""

    key: str
    wanted: str | None  # None: any that is not empty
    then: "Parts"
    otherwise: "Parts"

    def of(self, row: Mapping[str, str]) -> "Parts":
        """Return what stands there for this row."""
        value = row[self.key]
        is_met = value if self.wanted is None else value == self.wanted
        return self.then if is_met else self.otherwise


Parts = tuple[str | Field | Choice, ...]
Branches = Sequence[tuple[Any, NodeList]]  # of an `if`: a condition, None for `else`, and its body


class FlatLoop(Node):
    """Writes its body once for each row."""

    def __init__(self, row: str, rows: FilterExpression, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._rows = rows
        self._field = re.compile(rf"{row}\.(\w+)")

    def render(self, context: Context) -> SafeString:
        """Return the rows, one after the other."""
        parts = tuple(self._settled(self.nodelist, context))
        rows = map(_fields, self._rows.resolve(context))
        return SafeString("".join(text for row in rows for text in _texts(parts, row)))

    def _settled(self, nodes: NodeList, context: Context) -> Iterator[str | Field | Choice]:
        for node in nodes:
            if isinstance(node, IfNode):
                yield from self._chosen(node.conditions_nodelists, context)
            elif isinstance(node, VariableNode) and (
                field := self._field.fullmatch(node.filter_expression.token)
            ):
                yield Field(field[1])
            else:
                yield str(node.render_annotated(context))

    def _chosen(self, branches: Branches, context: Context) -> Iterator[str | Field | Choice]:
        if not branches:
            return
        (condition, body), *others = branches
        asked, wanted = _asked(condition)
        if field := self._field.fullmatch(asked):
            then, otherwise = self._settled(body, context), self._chosen(others, context)
            yield Choice(field[1], wanted, tuple(then), tuple(otherwise))
        elif condition is None or condition.eval(context):
            yield from self._settled(body, context)
        else:
            yield from self._chosen(others, context)


def flat(parser: Parser, token: Token) -> FlatLoop:
    """Read the loop; raise TemplateSyntaxError where a row is not flat.

    Of a row its body may hold `{{ row.key }}`, and ask `{% if row.key %}` or
    `{% if row.key == "text" %}`.
    """
    head = _HEAD.fullmatch(token.contents)
    if head is None:
        raise TemplateSyntaxError("It is written {% flat row in rows %}.")
    row, rows = head.groups()
    _require_flat(row, parser)
    nodelist = parser.parse((_END,))
    parser.delete_first_token()
    return FlatLoop(row, parser.compile_filter(rows), nodelist)


def _require_flat(row: str, parser: Parser) -> None:
    named = re.compile(rf"(?<![.\w]){row}\b")
    plain = re.compile(rf'{row}\.\w+|(el)?if {row}\.\w+( == "[^"]*")?')
    ahead = reversed(cast("list[Token]", parser.tokens))  # the parser takes them from the end
    for token in takewhile(lambda token: token.contents != _END, ahead):
        said = token.contents
        is_read = token.token_type in {TokenType.VAR, TokenType.BLOCK}
        if is_read and named.search(said) and not plain.fullmatch(said):
            raise TemplateSyntaxError(f"Within flat, {said!r} is more than a text of {row}.")


def _asked(condition: Any) -> tuple[str, str | None]:
    """Return what a condition asks for, and the text that it wants; "" for none that is plain."""
    if isinstance(condition, TemplateLiteral):
        return condition.text, None
    if condition is None or condition.id != "==":
        return "", None
    return condition.first.text, condition.second.text.strip('"')


def _fields(row: Any) -> Mapping[str, str]:
    return row if isinstance(row, Mapping) else vars(row)


def _texts(parts: Parts, row: Mapping[str, str]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Field):
            yield escape(row[part.key])
        else:
            yield from _texts(part.of(row), row)
