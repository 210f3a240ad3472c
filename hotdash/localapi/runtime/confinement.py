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
        self._is_on = is_on
        self._rules = [
            *((place, landlock.RUN) for place in grounds.programs()),
            *((place, landlock.READ) for place in (*grounds.files(), source)),
            *((place, landlock.READ | landlock.WRITE_FILE) for place in grounds.devices()),
        ]
        self._scratch = scratch

    def enter_template(self) -> None:
        """Reach from now on only what all runs of the build may reach; raise OSError."""
        self._enter(self._scratch)

    def enter_run(self, scratch: Path) -> None:
        """Reach from now on only what this one run may reach; raise OSError."""
        self._enter(scratch)

    def _enter(self, writable: Path) -> None:
        if not self._is_on:
            return
        with landlock.Layer() as layer:
            for place, rights in self._rules:
                with suppress(FileNotFoundError):  # just being replaced, as resolv.conf is at times
                    layer.allow(place, rights)
            layer.allow(writable, landlock.ALL)
            layer.enter()
