"""What benchmarks of the embedded API share as programs: their options, databases and tables."""

import argparse
import signal
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from benchmarks.installation import percentile
from tests.postgres import postgres_server


def options(doc: str) -> argparse.ArgumentParser:
    """Return a parser of a module's options, which knows on which databases it is to run.

    From then on SIGTERM is Ctrl-C: what was started is stopped, too.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(description=doc.partition("\n")[0])
    parser.add_argument("--database", default="sqlite,postgres")
    return parser


def address_of(database: str) -> AbstractContextManager[str]:
    """Give the address of a fresh `postgres`; of `sqlite` there is none."""
    return postgres_server() if database == "postgres" else nullcontext("")


def show(database: str, rows: Mapping[str, str]) -> None:
    """Print what was measured on a database, by name."""
    print(f"\n{database}")
    for name, figure in rows.items():
        print(f"  {name:38} {figure}", flush=True)


def in_ms(values: list[float], *shares: float, digits: int = 0) -> str:
    """Return the values below which these shares of all lie."""
    return " / ".join(f"{percentile(values, share):.{digits}f}" for share in shares) + " ms"
