"""JSON values as a tree that folds, bounded in rows, depth and length of text.

The tree is a flat list of lines, so that a template draws it in one loop: an include per node
costs ten times as much. What is beyond the bounds is counted, never dropped in silence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from hotdash.gateway.json_value import Json
from hotdash.kit.formats import number, plural, visible
from hotdash.kit.links import web_address

Line = Literal["open", "close", "leaf", "more"]
Kind = Literal["string", "number", "word", "type", ""]

MOST_LINES = 400
MOST_TEXT = 30_000  # characters of all lines together; escaping may write six for one
LONGEST_TEXT = 2000  # characters of one string
LONGEST_KEY = 200
DEEPEST = 12
OPEN_DEPTH = 2  # objects down to here are unfolded
MOST_OPEN = 100  # a larger object starts folded
SHORT_LIST = 60  # characters; a list of plain values that fits is written on one line
_AMBIGUOUS = frozenset('"\n')  # in a text: on one line with others it would look like several


@dataclass(frozen=True)
class Node:
    """One line of the tree: a value, the opening or closing of an object, or what was left out."""

    line: Line
    text: str = ""
    kind: Kind = ""
    key: str = ""  # nothing at the top and under a type
    bracket: str = ""  # the opening or closing bracket
    peek: str = ""  # what a folded object holds
    is_open: bool = False
    address: str = ""  # where a text leads that is an address of the web


@dataclass
class Budget:
    """What may still be drawn, in lines and in characters."""

    lines: int
    text: int = MOST_TEXT
    is_spent: bool = False

    def spend_line(self) -> bool:
        """Take one line; False when none is left."""
        if self.lines <= 0 or self.text <= 0:
            self.is_spent = True
            return False
        self.lines -= 1
        return True

    def spend_text(self, text: str, longest: int) -> tuple[str, int]:
        """Take as much of the text as may be drawn; return it and how much of it is left out."""
        cut = text[: max(0, min(longest, self.text))]
        self.text -= len(cut)
        left_out = len(text) - len(cut)
        self.is_spent = self.is_spent or left_out > 0
        return visible(cut), left_out


@dataclass(frozen=True)
class Tree:
    """A value ready to be drawn; `is_cut` says that something of it is not in `nodes`."""

    nodes: tuple[Node, ...]
    is_cut: bool


@dataclass(frozen=True)
class Value:
    """An outside value: a tree where it can be drawn, else its first characters."""

    size: int
    tree: Tree | None = None
    head: str = ""


def tree(value: Any, most_lines: int = MOST_LINES) -> Tree:
    """Shape a JSON value for kit/value.html; the work is bounded by what is drawn."""
    budget = Budget(most_lines)
    nodes = tuple(_nodes(value, "", 0, budget))
    return Tree(nodes, budget.is_spent)


def shown(value: Json | None, most_lines: int) -> Value | None:
    """Return a value as a tree, or the beginning of one that is too large to be parsed here."""
    if value is None:
        return None
    if value.is_large:
        return Value(value.size, head=value.head(4_000))
    return Value(value.size, tree=tree(value.value, most_lines))


def _nodes(value: Any, key: str, depth: int, budget: Budget) -> Iterator[Node]:
    if not budget.spend_line():
        return
    if _is_typed(value):
        name, _ = budget.spend_text(str(value["$type"]), LONGEST_KEY)
        yield Node("open", name, "type", key, is_open=depth < OPEN_DEPTH)
        yield from _nodes(value["$val"], "", depth + 1, budget)
        yield Node("close")
    elif isinstance(value, dict) and value:
        yield from _container(value.items(), len(value), "{}", (key, depth, budget))
    elif isinstance(value, list) and value:
        line = _on_one_line(value)
        if line:
            yield Node("leaf", line, "", key)
        else:
            yield from _container(enumerate(value), len(value), "[]", (key, depth, budget))
    else:
        yield _leaf(value, key, budget)


def _is_typed(value: Any) -> bool:
    """Whether this is a typed value of Hot: its type and the value under it (contract 1.5)."""
    return isinstance(value, dict) and set(value) == {"$type", "$val"}


def _container(
    pairs: Iterable[tuple[Any, Any]],
    count: int,
    brackets: str,
    place: tuple[str, int, Budget],
) -> Iterator[Node]:
    key, depth, budget = place
    peek = f"{plural(count, 'key' if brackets == '{}' else 'item')} {brackets[1]}"
    is_open = depth < OPEN_DEPTH and count <= MOST_OPEN
    yield Node("open", key=key, bracket=brackets[0], peek=peek, is_open=is_open)
    for drawn, (name, inner) in enumerate(pairs):
        if depth >= DEEPEST or budget.lines <= 0 or budget.text <= 0:
            budget.is_spent = True
            yield Node("more", f"{number(count - drawn)} more not shown here")
            break
        shown, _ = budget.spend_text(str(name), LONGEST_KEY)
        yield from _nodes(inner, shown or '""', depth + 1, budget)
    yield Node("close", bracket=brackets[1])


def _on_one_line(values: list[Any]) -> str:
    """Return a short list of plain values as one line of text, else nothing."""
    if len(values) > SHORT_LIST // 2 or any(isinstance(value, dict | list) for value in values):
        return ""
    if any(isinstance(value, str) and len(value) > SHORT_LIST for value in values):
        return ""
    line = f"[{', '.join(_written(value) for value in values)}]"
    if any(isinstance(value, str) and set(value) & _AMBIGUOUS for value in values):
        return ""
    return line if len(line) <= SHORT_LIST else ""


def _leaf(value: Any, key: str, budget: Budget) -> Node:
    if isinstance(value, str):
        text, left_out = budget.spend_text(value, LONGEST_TEXT)
        rest = f"… {number(left_out)} more characters not shown here" if left_out else '"'
        address = "" if left_out else web_address(value)
        return Node("leaf", f'"{text}{rest}', "string", key, address=address)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    kind: Kind = "number" if is_number else "" if value in ({}, []) else "word"
    return Node("leaf", _written(value), kind, key)


def _written(value: Any) -> str:
    if isinstance(value, str):
        return f'"{visible(value)}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)
