"""`manage.py doctor`: say what is wrong with this installation, and what to do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hotdash.guard.diagnosis import findings


class Command(BaseCommand):
    """Look the installation over; ends with status 1 where something is wrong."""

    help = "Find what is wrong with this installation and say what to do. Prints no secret."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print each finding with its remedy."""
        wrong = 0
        for finding in findings():
            wrong += finding.is_wrong
            self.stdout.write(f"{'WRONG' if finding.is_wrong else 'note '}  {finding.sentence}")
            if finding.remedy:
                self.stdout.write(f"       {finding.remedy}")
        if wrong:
            raise CommandError(f"{wrong} to mend.")
        self.stdout.write("Nothing is wrong.")
