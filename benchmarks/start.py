"""`make run` by the clock: a first start, later starts, and Ctrl-C.

    python -m benchmarks.start [--rounds 5]

The virtual environment is there already. The first start makes and executes everything; a later one
finds it. Ctrl-C is the terminal's signal, and counts until the last process is gone.
"""

import argparse
import signal
import statistics
import tempfile
import time
from pathlib import Path

from tests.household import household


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        (first, _), *later = [once(Path(folder) / "data") for _ in range(rounds + 1)]
    starts, stops = zip(*later, strict=True)
    print("| what | seconds |\n|---|---|")
    print(f"| first start | {first:.1f} |")
    print(f"| later starts, median / max | {statistics.median(starts):.1f} / {max(starts):.1f} |")
    print(f"| Ctrl-C, median / max | {statistics.median(stops):.1f} / {max(stops):.1f} |")


def once(data: Path) -> tuple[float, float]:
    """Start and stop once; return the seconds of each."""
    with household(data) as running:
        up = running.wait_until_up()
        began = time.perf_counter()
        running.send(signal.SIGINT)
        running.wait()
        return up, time.perf_counter() - began


if __name__ == "__main__":
    main()
