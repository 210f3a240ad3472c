"""Keeps secrets out of what is stored of a run: by their values and by their names. No Django.

What was changed, encoded, cut or put together by the build's code is not recognised; nor are
numbers, texts shorter than six characters, and what a handler writes to a file.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

MASK = "***"
_SHORTEST = 6
_SECRET = frozenset({"password", "passwd", "passphrase", "secret"})
_SECRET_AT_END = frozenset({"token", "credential", "credentials", "authorization", "secrets"})
_KINDS_OF_KEY = frozenset({"api", "private", "access", "secret", "signing", "encryption"})
# what occurs in the text of every payload that may hold such a name
_HINTS = ("passw", "passphrase", "secret", "token", "credential", "authorization", "key")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Mask:
    """What one run must not say: values of its context variables, and texts under some names."""

    def __init__(self, values: Iterable[Any]) -> None:
        texts = {text for value in values for text in _texts(value) if len(text) >= _SHORTEST}
        # longest first: one secret may be a part of another
        self.texts = tuple(sorted(texts, key=lambda text: (-len(text), text)))
        self._escaped = tuple(json.dumps(text, ensure_ascii=False)[1:-1] for text in self.texts)

    def text(self, text: str) -> str:
        """Return a text without the values of context variables."""
        for secret in self.texts:
            text = text.replace(secret, MASK)
        return text

    def sent(self, payload: str) -> str:
        """Return JSON text that other handlers get, without the values of context variables.

        Names are left alone: an event with a `reset_token` is there to hand it on.
        """
        return self._masked(payload, by_name=False)

    def shown(self, payload: str) -> str:
        """Return JSON text that people see, without such values and texts under secret names."""
        return self._masked(payload, by_name=True)

    def _masked(self, payload: str, *, by_name: bool) -> str:
        # only what may hold a secret is taken apart: json.loads of a large result takes long
        has_value = any(secret in payload for secret in self._escaped)
        if not has_value and not (by_name and _has_hint(payload)):
            return payload
        try:
            masked = self._walk(json.loads(payload), by_name=by_name)
        except RecursionError:
            return payload  # nested deeper than is ever stored
        return json.dumps(masked, ensure_ascii=False)

    def _walk(self, value: Any, *, by_name: bool) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._walk(item, by_name=by_name) for item in value]
        if isinstance(value, dict):
            return {
                self.text(name): MASK
                if by_name and isinstance(item, str) and item and is_secret_name(name)
                else self._walk(item, by_name=by_name)
                for name, item in value.items()
            }
        return value


def is_secret_name(name: str) -> bool:
    """Return whether a name says that its text is a secret: `apiKey`, `reset_token`, `password`."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words:
        return False
    if _SECRET & set(words) or words[-1] in _SECRET_AT_END or words[-1] == "apikey":
        return True
    return words[-1] == "key" and len(words) > 1 and words[-2] in _KINDS_OF_KEY


def _has_hint(payload: str) -> bool:
    lowered = payload.lower()
    return any(hint in lowered for hint in _HINTS)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
