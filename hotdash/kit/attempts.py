"""Which attempt a run is, and of how many, as far as the server lets anyone know."""

from hotdash.gateway.runs import Run

_NTH = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_STARTED = {"running", "succeeded", "cancelled"}


def ordinal(run: Run) -> int | None:
    """Return which attempt this run is, counted from 1; None where it cannot be told.

    The server's own `attempt` goes first. Without it the contract's counter says how many retries
    were planned: a parked run has already counted the one to come, and of a retry that failed
    nobody can tell whether it was parked before.
    """
    if run.attempt is not None:
        return run.attempt
    if run.origin_run_id is None:
        return 1
    if run.status == "pending_retry":
        return run.retry_attempt
    return run.retry_attempt + 1 if run.status in _STARTED else None


def limit(run: Run) -> int | None:
    """Return how many attempts there may be at most, the first included; None where not told."""
    return None if run.retry_max is None else run.retry_max + 1


def is_last(run: Run) -> bool:
    """Return whether the server tells that no attempt can follow this one."""
    this, most = ordinal(run), limit(run)
    return this is not None and most is not None and this >= most


def nth(count: int) -> str:
    """Write which of several one is: third, 12th, 21st."""
    if count < len(_NTH):
        return _NTH[count]
    is_teen = count % 100 in {11, 12, 13}
    return f"{count}{'th' if is_teen else _ENDINGS.get(count % 10, 'th')}"


def words(run: Run) -> str:
    """Write the attempt: `3 of 3`, `2` without a known limit, nothing where it is unknown."""
    this, most = ordinal(run), limit(run)
    if this is None:
        return ""
    return f"{this} of {most}" if most is not None and most >= this else str(this)
