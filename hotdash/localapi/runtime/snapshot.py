"""A bounded, masked picture of a value as JSON text.

The walk stops at its budget before anything is serialised, so a huge argument costs no more than
a small one. User code is never called: an object without a known form is shown by its type.
Some large texts and bytes are shown whole: the worker takes them out and leaves references.
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from itertools import islice
from pathlib import PurePath
from typing import Any
from uuid import UUID

from hotdash.localapi.runtime.large_values import Room
from hotdash.localapi.runtime.masking import MASK

VALUE_CHARACTERS = 2_000
_DEPTH = 6
_TEXT_CHARACTERS = 400
_SECRET_WORDS = ("passw", "passphrase", "token", "secret", "key", "credential", "authorization")
_PLAIN = frozenset({datetime, date, time, timedelta, Decimal, UUID})
_MOST_DIGITS = 100


class Snapshot:
    """Takes pictures of values; texts that hold a context value are masked wherever they occur."""

    def __init__(self, secrets: Iterable[str] = (), room: Room | None = None) -> None:
        self._secrets = tuple(secrets)
        self._room = room or Room(0)

    def take(self, value: Any) -> str:
        """Return JSON text of about 2,000 characters, large values aside; never raises."""
        try:
            return _Walk(self._secrets, self._room).write(value)
        except MemoryError:  # of a run that has little left
            return _Walk(self._secrets, Room(0)).write(value)

    def message(self, error: BaseException) -> str:
        """Return an exception's own words, cut and masked; its type where it has none."""
        try:
            text = str(error)
        except Exception:  # noqa: BLE001  an exception's __str__ is user code and may raise anything
            text = ""
        text = _storable(self._masked(text))
        if len(text) > VALUE_CHARACTERS:
            text = f"{text[:VALUE_CHARACTERS]}… ({len(text):,} characters)"
        return text or type(error).__name__

    def _masked(self, text: str) -> str:
        return _masked(text, self._secrets)


class _Walk:
    """One walk through one value, with what is left of its budget."""

    def __init__(self, secrets: tuple[str, ...], room: Room) -> None:
        self._secrets = secrets
        self._room = room
        self._left = VALUE_CHARACTERS

    def write(self, value: Any) -> str:
        return json.dumps(self._picture(value, 0), ensure_ascii=False)

    def _picture(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return self._spend(value, 4)
        if kind is str:
            return self._text(value) if len(value) <= _TEXT_CHARACTERS else self._long_text(value)
        if kind is int or kind is float:
            return self._number(value)
        if depth >= _DEPTH or self._left <= 0:
            return self._type(kind)
        self._left -= 2  # else a list of a thousand empty lists would have cost nothing
        if isinstance(value, Mapping) and kind.__module__ in {"builtins", "collections"}:
            return self._mapping(value, depth)
        if kind in (list, tuple, set, frozenset):
            return self._sequence(value, depth)
        return self._object(value, depth)

    def _number(self, value: float) -> Any:
        if isinstance(value, int):
            digits = value.bit_length() * 3 // 10
            return (
                self._spend(value, digits) if digits < _MOST_DIGITS else f"<int: {digits} digits>"
            )
        finite = value - value == 0
        return self._spend(value if finite else repr(value), 8)

    def _text(self, value: str) -> str:
        text = _storable(_beginning(value, self._secrets))
        if len(value) > _TEXT_CHARACTERS:
            text += f"… ({len(value):,} characters)"
        return str(self._spend(text, len(text) + 2))

    def _long_text(self, value: str) -> str:
        if self._room.may_hold(value):
            whole = _storable(_masked(value, self._secrets))
            if self._room.take(whole):
                return str(self._spend(whole, _TEXT_CHARACTERS))
        return self._text(value)

    def _bytes(self, value: bytes | bytearray) -> Any:
        if self._room.may_hold(value):
            whole = bytes(value)
            for secret in self._secrets:
                whole = whole.replace(secret.encode(errors="replace"), MASK.encode())
            if self._room.take(whole):
                shown = {"$type": "::hot::type/Bytes", "$val": list(whole)}
                return self._spend(shown, _TEXT_CHARACTERS)
        return self._text(f"<{type(value).__name__}: {len(value):,} bytes>")

    def _mapping(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for key, item in islice(value.items(), VALUE_CHARACTERS):
            if self._left <= 0:
                break
            name = self._text(key) if type(key) is str else self._type(type(key))
            if type(key) is int:
                name = str(self._number(key))
            shown[name] = MASK if _is_secret(name) else self._picture(item, depth + 1)
        if len(shown) < len(value):
            shown["…"] = f"{len(value) - len(shown):,} more"
        return shown

    def _sequence(self, value: list[Any] | tuple[Any, ...] | Set[Any], depth: int) -> list[Any]:
        shown: list[Any] = []
        for item in islice(value, VALUE_CHARACTERS):
            if self._left <= 0:
                break
            shown.append(self._picture(item, depth + 1))
        if len(shown) < len(value):
            shown.append(f"… {len(value) - len(shown):,} more")
        return shown

    def _object(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _PLAIN or isinstance(value, PurePath):
            return self._text(str(value))
        if isinstance(value, Enum):
            return self._text(f"{kind.__name__}.{value.name}")
        if kind is bytes or kind is bytearray:
            return self._bytes(value)
        if dataclasses.is_dataclass(kind):
            # read past __getattribute__, which may be the build's own
            fields = object.__getattribute__(value, "__dict__") if hasattr(kind, "__dict__") else {}
            return {"$type": kind.__name__, "$val": self._mapping(dict(fields), depth)}
        return self._type(kind)

    def _type(self, kind: type) -> str:
        shown = f"<{kind.__name__[:_TEXT_CHARACTERS]}>"
        self._left -= len(shown) + 3
        return shown

    def _spend(self, shown: Any, characters: int) -> Any:
        self._left -= characters + 1
        return shown


@lru_cache(maxsize=2_048)
def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return any(word in lowered for word in _SECRET_WORDS)


def _storable(text: str) -> str:
    """Return the text without lone surrogates: they can neither be stored nor sent."""
    return text.encode(errors="replace").decode()


def _beginning(text: str, secrets: tuple[str, ...]) -> str:
    """Return what is shown of a text, masked before it is cut: half a secret is one, too."""
    reach = max(map(len, secrets), default=0)
    masked = _masked(text[: _TEXT_CHARACTERS + reach], secrets)
    if len(text) > _TEXT_CHARACTERS + reach:
        masked = masked[: len(masked) - reach]
    return masked[:_TEXT_CHARACTERS]


def _masked(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text
