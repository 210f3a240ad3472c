"""What Landlock costs a run: processor time from fork to exit, with its own layer and without.

    python -m benchmarks.isolation [--rounds 1000]

Both kinds are forked in turn from one process, which entered a template's layer first, so that
whatever else the machine does falls on both alike.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from hotdash.host import landlock
from hotdash.localapi.runtime import process
from hotdash.localapi.runtime.confinement import Confinement


def forked(confinement: Confinement, scratch: Path) -> float:
    """Fork a child that enters its layer and writes a file; return its processor time in ms."""
    pid = os.fork()
    if pid == 0:
        confinement.enter_run(scratch)
        (scratch / "file").write_bytes(b"x")
        os._exit(0)
    used = os.wait4(pid, 0)[2]
    return (used.ru_utime + used.ru_stime) * 1000


def main() -> int:
    """Print the medians; return 1 where the kernel has no Landlock."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=1_000)
    rounds = parser.parse_args().rounds
    if not landlock.version():
        print("This kernel has no Landlock.")
        return 1
    with tempfile.TemporaryDirectory(prefix="hotdash-benchmark-") as folder:
        # in a process of its own, since who has entered a layer cannot delete the folder any more
        measuring = os.fork()
        if measuring == 0:
            measure(Path(folder), rounds)
            sys.stdout.flush()
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(measuring, 0)[1])


def measure(place: Path, rounds: int) -> None:
    """Enter a template's layer, fork in turn, print the medians."""
    on = Confinement(place, place, is_on=True)
    off = Confinement(place, place, is_on=False)
    process.gain_no_privileges()
    on.enter_template()
    pairs = [(forked(off, place), forked(on, place)) for _ in range(rounds)]
    without, within = (median(column) for column in zip(*pairs, strict=True))
    print(f"without {without:.3f} ms  within {within:.3f} ms  apart {within - without:.3f} ms")


if __name__ == "__main__":
    raise SystemExit(main())
