"""`prune`: deletes what need not be kept, now; a worker does the same once a day."""

import argparse
import sys
from collections.abc import Sequence

from hotdash.host import environment
from hotdash.localapi import contents, retention
from hotdash.localapi.retention import Keeping


def keeping() -> Keeping:
    """Return what the environment asks to be kept; raise MissingSetting."""
    return Keeping(
        days=max(0, environment.number("HOTDASH_KEEP_DAYS")),
        newest=max(0, environment.number("HOTDASH_KEEP_RUNS")),
    )


def main(argv: Sequence[str]) -> int:
    """Prune, and say what was deleted."""
    settings = keeping()
    parser = argparse.ArgumentParser(prog="python -m hotdash.localapi prune")
    parser.add_argument(
        "--days",
        type=_count,
        default=settings.days,
        help="runs and events without runs are kept that long; 0: for ever (default: %(default)s)",
    )
    parser.add_argument(
        "--keep",
        type=_count,
        default=settings.newest,
        help="so many of each are kept in an environment, tasks not counted; 0: all "
        "(default: %(default)s)",
    )
    chosen = parser.parse_args(argv)
    done = retention.prune(Keeping(chosen.days, chosen.keep))
    values = 0
    while found := contents.collect():
        values += found
    sys.stdout.write(
        f"Deleted {done.runs:,} runs with {done.calls:,} traced calls, {done.events:,} events "
        f"without runs, and {values:,} contents that nothing needs.\n"
    )
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number
