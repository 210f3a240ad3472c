"""`manage.py keys make|rotate`: a new key for the ring, and sealing everything with it."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hotdash.credentials.rotation import Outcome, reseal_all
from hotdash.host.keyring import fresh_ring


class Command(BaseCommand):
    """Make a key for the front of HOTDASH_KEYS, or seal every stored API key with the first one."""

    help = "Make a key for HOTDASH_KEYS, or seal every stored API key anew with the first one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do."""
        parser.add_argument("deed", choices=["make", "rotate"])

    def handle(self, *_args: Any, deed: str, **_options: Any) -> None:
        """Print a key, or rotate and say what came of it."""
        if deed == "make":
            self.stdout.write(fresh_ring())
            return
        self._rotate()

    def _rotate(self) -> None:
        counts: Counter[Outcome] = Counter()
        for outcome, place in reseal_all():
            counts[outcome] += 1
            if outcome is Outcome.UNREADABLE:
                self.stderr.write(f"The key of {place} cannot be opened; its owner enters it anew.")
        self.stdout.write(
            f"{counts[Outcome.SEALED]} stored keys sealed anew, "
            f"{counts[Outcome.KEPT]} were already."
        )
        if counts[Outcome.UNREADABLE]:
            raise CommandError(
                f"{counts[Outcome.UNREADABLE]} cannot be opened with any key of the ring."
            )
        self.stdout.write(
            "Keys behind the first open nothing that is stored now. Keep them where the audit "
            "record is verified: its older rows are signed with them."
        )
