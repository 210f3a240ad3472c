"""Where the code of a build may reach: two layers of Landlock, the template's and the run's.

The template enters the first before it imports the build, so no line of a build runs outside of
it; it belongs to one build of one environment. The second divides the runs of that build from each
other: what the build did at its import could get around it, and would then reach other runs of the
same build, nothing else.
"""

from contextlib import suppress
from pathlib import Path

from hotdash.host import grounds, landlock


class Confinement:
    """The layers of one template, or none of them where runs are not isolated."""

    def __init__(self, source: Path, scratch: Path, *, is_on: bool) -> None:
        self._version = landlock.version() if is_on else 0
        self._scratch = scratch
        self._rights = {
            **dict.fromkeys(grounds.programs(), landlock.RUN),
            **dict.fromkeys((*grounds.files(), source), landlock.READ),
            grounds.NULL: landlock.READ | landlock.WRITE_FILE,
        }
        self._places: list[landlock.Place] = []

    def enter_template(self) -> None:
        """Reach from now on only what all runs of the build may reach; raise OSError."""
        if not self._version:
            return
        for path, rights in self._rights.items():
            with suppress(FileNotFoundError):  # just being replaced, as resolv.conf is at times
                self._places.append(landlock.Place(path, rights))
        self._enter(self._scratch)

    def enter_run(self, scratch: Path) -> None:
        """Reach from now on only what this one run may reach; raise OSError."""
        if not self._version:
            return
        # opened by the template, since a run's first touch of anything is its dearest
        self._enter(scratch)
        for place in self._places:
            place.close()

    def _enter(self, writable: Path) -> None:
        own = landlock.Place(writable, landlock.ALL)
        landlock.enter((*self._places, own), self._version)
        own.close()
