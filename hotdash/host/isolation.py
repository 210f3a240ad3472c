"""How far runs of builds are kept from the rest of this machine, decided and said in words."""

import os
from dataclasses import dataclass
from pathlib import Path

from hotdash.host import environment, grounds, landlock
from hotdash.host.environment import MissingSetting

_MODES = ("auto", "require", "off")
_TRUNCATE_SINCE = 3


@dataclass(frozen=True)
class Isolation:
    """What HOTDASH_RUN_ISOLATION asks for, and what the kernel and the places of files allow."""

    mode: str
    version: int  # of the kernel's Landlock, 0 without
    kernel: str
    data: Path
    exposed_in: Path | None  # the directory, readable by every run, that the data lies in

    @property
    def is_in_force(self) -> bool:
        """Whether runs are isolated at all."""
        return self.mode != "off" and self.version > 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing that runs should be kept from."""
        return self.is_in_force and not self.gaps

    @property
    def gaps(self) -> tuple[str, ...]:
        """What runs can do although they are isolated, each with its remedy."""
        found = []
        if self.version < _TRUNCATE_SINCE:
            found.append("empty any file of this user by its name (refused from Linux 6.2)")
        if self.version < landlock.SCOPES_SINCE:
            found.append("send signals to any process of this user (refused from Linux 6.12)")
        if self.exposed_in is not None:
            found.append(
                f"read the data directory {self.data}, since it lies in {self.exposed_in}, "
                "which every program needs: move it"
            )
        return tuple(found)

    @property
    def sentence(self) -> str:
        """Say what is in force."""
        if self.mode == "off":
            return f"Runs are not isolated: HOTDASH_RUN_ISOLATION is off. {_OPEN}"
        if not self.version:
            return (
                f"Runs are not isolated: this kernel, Linux {self.kernel}, has no Landlock, or has "
                f"it switched off. {_OPEN}"
            )
        held = f"Runs are isolated by Landlock, version {self.version}: {_CLOSED}"
        return f"{held} But they can {'; and '.join(self.gaps)}." if self.gaps else held


_OPEN = "Their code can read and write whatever this user can: databases, key rings, other builds."
_CLOSED = (
    "each reads the system, Python and its own build, writes to a directory of its own, and "
    "neither signals nor looks into any other process."
)


def in_force(data: Path) -> Isolation:
    """Return what holds for runs with this data directory; raise MissingSetting."""
    mode = environment.text("HOTDASH_RUN_ISOLATION")
    if mode not in _MODES:
        raise MissingSetting(f"HOTDASH_RUN_ISOLATION is one of {', '.join(_MODES)}, not {mode!r}.")
    return Isolation(mode, landlock.version(), os.uname().release, data, grounds.exposing(data))


def agreed(data: Path) -> Isolation:
    """Return what holds for runs; raise MissingSetting where all of it is required and is not."""
    isolation = in_force(data)
    if isolation.mode == "require" and not isolation.is_whole:
        raise MissingSetting(
            f"HOTDASH_RUN_ISOLATION=require asks for more than there is. {isolation.sentence} "
            "Mend that, or set HOTDASH_RUN_ISOLATION=auto and deploy trusted builds only."
        )
    return isolation
