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
from typing import Any, cast

from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, TokenType, VariableNode
from django.template.defaulttags import IfNode, TemplateLiteral
from django.utils.safestring import SafeString

_HEAD = re.compile(r"flat (\w+) in (\S+)")
_END = "endflat"
_ANY = object()  # whatever is not empty


@dataclass(frozen=True)
class Field:
    """A text of the row."""

    key: str


@dataclass(frozen=True)
class Choice:
    """What stands where a field of the row is given, or is what is wanted, and what where not."""

    key: str
    wanted: object
    then: "Parts"
    otherwise: "Parts"

    def of(self, row: Mapping[str, Any]) -> "Parts":
        """Return what stands there for this row."""
        value = row[self.key]
        is_met = value if self.wanted is _ANY else value == self.wanted
        return self.then if is_met else self.otherwise


@dataclass(frozen=True)
class Each:
    """What is written for each of the row's own rows."""

    key: str
    parts: "Parts"


Part = str | Field | Choice | Each
Parts = tuple[Part, ...]
Branches = Sequence[tuple[Any, NodeList]]  # of an `if`: a condition, None for `else`, and its body


class FlatLoop(Node):
    """Writes its body once for each row."""

    def __init__(self, row: str, rows: FilterExpression, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.rows = rows
        self._field = re.compile(rf"{row}\.(\w+)")

    def render(self, context: Context) -> SafeString:
        """Return the rows, one after the other."""
        parts, rows = self.parts(context), self.rows.resolve(context)
        return SafeString("".join(text for row in rows for text in _texts(parts, row)))

    def parts(self, context: Context) -> Parts:
        """Return the body, with all that is not the row's worked out."""
        return tuple(self._settled(self.nodelist, context))

    def _settled(self, nodes: NodeList, context: Context) -> Iterator[Part]:
        for node in nodes:
            if isinstance(node, IfNode):
                yield from self._chosen(node.conditions_nodelists, context)
            elif isinstance(node, VariableNode) and (
                key := self._key(node.filter_expression.token)
            ):
                yield Field(key)
            elif isinstance(node, FlatLoop) and (key := self._key(node.rows.token)):
                yield Each(key, node.parts(context))
            else:
                yield str(node.render_annotated(context))

    def _chosen(self, branches: Branches, context: Context) -> Iterator[Part]:
        if not branches:
            return
        (condition, body), *others = branches
        is_compared = getattr(condition, "id", "") == "=="
        asked: Any = condition.first if is_compared else condition
        if isinstance(asked, TemplateLiteral) and (key := self._key(asked.text)):
            wanted = condition.second.eval(context) if is_compared else _ANY
            then, otherwise = self._settled(body, context), self._chosen(others, context)
            yield Choice(key, wanted, tuple(then), tuple(otherwise))
        elif condition is None or condition.eval(context):
            yield from self._settled(body, context)
        else:
            yield from self._chosen(others, context)

    def _key(self, expression: str) -> str:
        """Return which field of the row is read, "" where it is none of the row's."""
        found = self._field.fullmatch(expression)
        return found[1] if found else ""


def flat(parser: Parser, token: Token) -> FlatLoop:
    """Read the loop; raise TemplateSyntaxError where a row is not flat.

    Of a row its body may hold `{{ row.key }}`, `{% if row.key %}`, `{% if row.key == other %}` and
    `{% flat part in row.key %}`, within which nothing else of the row stands.
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
    plain = re.compile(
        rf"{row}\.\w+|(el)?if {row}\.\w+( == (?!{row}\b)\S+)?|flat \w+ in {row}\.\w+"
    )
    depth = 1
    for token in reversed(cast("list[Token]", parser.tokens)):  # the parser takes them from the end
        said = token.contents
        is_read = token.token_type in {TokenType.VAR, TokenType.BLOCK}
        if is_read and named.search(said) and (depth > 1 or not plain.fullmatch(said)):
            raise TemplateSyntaxError(f"Within flat, {said!r} is more than a text of {row}.")
        depth += bool(_HEAD.fullmatch(said)) - (said == _END)
        if not depth:
            return


def _texts(parts: Parts, row: Any) -> Iterator[str]:
    fields = row if isinstance(row, Mapping) else vars(row)
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Field):
            yield escape(fields[part.key])
        elif isinstance(part, Choice):
            yield from _texts(part.of(fields), fields)
        else:
            for inner in fields[part.key]:
                yield from _texts(part.parts, inner)
