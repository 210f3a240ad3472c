"""Reading an answer as a person does: parsed, never as markup."""

from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode


def select(response: Any, css: str) -> list[LexborNode]:
    """Return every element of the answer that the selector names."""
    return LexborHTMLParser(response.content.decode()).css(css)


def one(response: Any, css: str) -> LexborNode:
    """Return the one element that the selector names; fail if there is another number."""
    found = select(response, css)
    assert len(found) == 1, f"{len(found)} elements are {css}"
    return found[0]


def attribute(response: Any, css: str, name: str) -> str:
    """Return an attribute of the one element that the selector names."""
    value = one(response, css).attributes[name]
    assert value is not None
    return value


def heading(response: Any) -> str:
    """Return the page's heading."""
    return text_of(one(response, "h1"))


def said(response: Any) -> str:
    """Return all that the answer says, spaces joined."""
    return " ".join(text_of(node) for node in select(response, "body"))


def text_of(node: LexborNode) -> str:
    """Return an element's text, spaces joined."""
    return " ".join(node.text().split())
