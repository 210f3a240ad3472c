"""The manifest of a build: data only, read without running anything (contract 7)."""

import re
from typing import Any, NamedTuple

_MAX_BYTES = 8 * 1024 * 1024
_MAX_DEPTH = 64
_MAX_VALUES = 250_000
_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<mark>[{}\[\],:])
      | (?P<text>"(?:[^"\\\x00-\x1f]|\\["\\nrt])*")
      | (?P<number>-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?)
      | (?P<word>[A-Za-z_][A-Za-z0-9_-]*)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}


class BadManifest(Exception):
    """The text is no data-only manifest, or over a limit; its text says where and why."""


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(raw: bytes) -> Any:
    """Return the manifest's value: dicts, lists, text, numbers, true, false, null.

    It is JSON with two liberties (bare words as keys, trailing commas) and two bounds (the escapes
    of text, 64 bits for integers). At most 8 MiB, 64 deep, 250,000 values; else BadManifest.
    """
    if len(raw) > _MAX_BYTES:
        raise BadManifest("The manifest is larger than 8 MiB.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadManifest("The manifest is not UTF-8.") from None
    return _Reader(text).whole()


class _Reader:
    """One pass over the text, a token at a time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._values = 0

    def whole(self) -> Any:
        """Return the one value of the text."""
        value = self._value(self._next(), 1)
        rest = self._next()
        if rest.kind != "end":
            raise self._bad(rest)
        return value

    def _next(self) -> _Token:
        match = _TOKEN.match(self._text, self._at)
        if match is None or match.lastgroup is None:
            raise BadManifest(
                f"Invalid data-only manifest at character {self._at + 1}: only text, numbers, "
                "true, false, null, lists and maps are allowed."
            )
        kind = "number" if match["number"] else match.lastgroup
        self._at = match.end()
        return _Token(kind, match[kind], match.start(kind))

    def _value(self, token: _Token, depth: int) -> Any:
        self._values += 1
        if depth > _MAX_DEPTH or self._values > _MAX_VALUES:
            raise BadManifest("The manifest is deeper than 64 or holds more than 250,000 values.")
        if token.text == "{" and token.kind == "mark":
            return self._map(depth)
        if token.text == "[" and token.kind == "mark":
            return self._list(depth)
        if token.kind == "text":
            return _unescaped(token.text)
        if token.kind == "number":
            return _number(token)
        if token.kind == "word" and token.text in _WORDS:
            return _WORDS[token.text]
        raise self._bad(token)

    def _map(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (token := self._next()).text != "}":
            if token.kind not in {"text", "word"}:
                raise self._bad(token)
            key = _unescaped(token.text) if token.kind == "text" else token.text
            self._expect(":")
            if key in found:
                raise BadManifest(f"The manifest names {key[:80]!r} twice.")
            found[key] = self._value(self._next(), depth + 1)
            if self._ends("}"):
                break
        return found

    def _list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while (token := self._next()).text != "]":
            found.append(self._value(token, depth + 1))
            if self._ends("]"):
                break
        return found

    def _ends(self, mark: str) -> bool:
        token = self._next()
        if token.text == mark:
            return True
        if token.text != "," or token.kind != "mark":
            raise self._bad(token)
        return False

    def _expect(self, mark: str) -> None:
        token = self._next()
        if token.text != mark:
            raise self._bad(token)

    def _bad(self, token: _Token) -> BadManifest:
        found = repr(token.text[:40]) if token.text else "the end"
        return BadManifest(
            f"Invalid data-only manifest at character {token.at + 1}: unexpected {found}."
        )


def _unescaped(quoted: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPED[match[1]], quoted[1:-1])


def _number(token: _Token) -> int | float:
    if any(mark in token.text for mark in ".eE"):
        return float(token.text)
    # a 64-bit integer has at most 19 digits and a sign
    if len(token.text) > 20 or not -(2**63) <= (number := int(token.text)) < 2**63:
        raise BadManifest(
            f"Invalid data-only manifest at character {token.at + 1}: integers have 64 bits."
        )
    return number
