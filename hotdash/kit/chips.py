"""The conditions of a list as chips: what each is now, and what else it may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One value of a condition."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class Chip:
    """A condition: what it is now, how to be rid of it, and what else it may be."""

    name: str
    value: str
    without: str
    options: tuple[Option, ...]
