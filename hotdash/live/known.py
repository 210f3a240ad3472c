"""What a feed has told already: nothing is told twice, and nothing late undoes what came after."""

from collections import OrderedDict

from hotdash.gateway.runs import FINAL
from hotdash.live.notes import Nudge

KEPT = 5000
# a start may come after the end, and an announced failure may be a parked run (contract 6.4, 6.6)
_RANKS = {"pending": 0, "running": 1, "": 2, "pending_retry": 3}
_UNKNOWN, _LAST = 1, 9


class Told:
    """Remembers the newest few thousand things by name."""

    def __init__(self) -> None:
        self._ranks: OrderedDict[str, int] = OrderedDict()

    def __contains__(self, name: str) -> bool:
        return name in self._ranks

    def is_news(self, name: str, rank: int = 0) -> bool:
        """Return whether this was not told yet, nor anything of a higher rank; now it is."""
        known = self._ranks.get(name)
        if known is not None and rank <= known:
            return False
        self._ranks[name] = rank
        self._ranks.move_to_end(name)
        if len(self._ranks) > KEPT:
            self._ranks.popitem(last=False)
        return True

    def about_run(self, run_id: str, status: str) -> list[Nudge]:
        """Return the nudge of a run, unless it came as far before; "" is an end not said which."""
        rank = _LAST if status in FINAL else _RANKS.get(status, _UNKNOWN)
        return [Nudge("run", run_id, status)] if self.is_news(run_id, rank) else []
