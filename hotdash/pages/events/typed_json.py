"""JSON that a person typed: its value, or where the first mistake stands and what it is."""

import json
import re
from math import isinf
from typing import Any

from hotdash.gateway.json_value import require_shallow

_WORDS = {
    "Expecting value": "a value is missing here",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing here",
    "Expecting ':' delimiter": "a colon is missing here",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing here",
    "Illegal trailing comma before end of object": "there is a comma too many here",
    "Illegal trailing comma before end of array": "there is a comma too many here",
    "Unterminated string starting at": "the text that begins here has no closing quote",
    "Invalid control character at": "a line break or control character stands inside a text",
    "Invalid \\escape": "this backslash begins no escape that JSON knows",
    "Invalid \\uXXXX escape": "this escape does not name a character",
    "Extra data": "the value has ended, but something follows",
}
_TEXT_OR_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|-?[A-Za-z]+', re.DOTALL)


class Mistake(ValueError):
    """What is wrong with the text, in a sentence that says where."""


def parse(text: str) -> Any:
    """Return the value of the text; raise Mistake with the line and column of what is wrong."""
    if not text.strip():
        raise Mistake("Type a value. For an event without data, type null.")
    try:
        value = json.loads(
            text, parse_constant=_unknown, parse_float=_finite, object_pairs_hook=_object
        )
        json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise Mistake(_sentence(text, error.pos, _WORDS.get(error.msg, error.msg))) from None
    except _UnknownWord as error:
        place = _position_of(text, str(error))
        raise Mistake(_sentence(text, place, f"JSON has no {error}")) from None
    except UnicodeEncodeError:
        raise Mistake("Half of a surrogate pair (\\ud800 to \\udfff) is no character.") from None
    except RecursionError:
        raise Mistake("The value is nested more deeply than can be sent.") from None
    except Mistake:
        raise
    except ValueError:
        raise Mistake("A number has more digits than can be sent.") from None
    _require_shallow(text)
    return value


def _require_shallow(text: str) -> None:
    try:
        require_shallow(text.encode())
    except ValueError:
        raise Mistake("The value is nested more deeply than can be sent.") from None


def _finite(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise Mistake(f"The number {digits[:60]} is larger than can be sent.")
    return number


class _UnknownWord(Exception):
    pass


def _unknown(word: str) -> Any:
    raise _UnknownWord(word)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # None is false
        raise Mistake(f"The key “{twice[:60]}” stands twice in one object; only one would be sent.")
    return made


def _position_of(text: str, word: str) -> int:
    found = (m.start() for m in _TEXT_OR_WORD.finditer(text) if m.group() == word)
    return next(found, 0)


def _sentence(text: str, position: int, words: str) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"Line {line}, column {column}: {words}."
