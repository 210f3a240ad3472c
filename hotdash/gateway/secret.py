"""An API key that shows only its last four characters wherever it is printed."""

import hashlib


class Secret:
    """Wraps a key; `reveal` is the one way to its text, so a search for it finds every use."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the key itself, for a header or for sealing."""
        return self._text

    @property
    def fingerprint(self) -> str:
        """What tells this key from others where the key itself is not kept."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    def __repr__(self) -> str:
        # a short key would be half given away by its last four
        return f"…{self._text[-4:]}" if len(self._text) >= 16 else "…"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("A key is not pickled.")
