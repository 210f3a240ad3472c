"""`manage.py embedded grant|withdraw ORGANIZATION`: decide who may run code on this host."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hotdash.orgs.models import Organization


class Command(BaseCommand):
    """Let an organization use the embedded API, or no longer: whoever may deploy has a shell."""

    help = "Decide whether an organization's people may run code on this host."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do and the organization's slug."""
        parser.add_argument("decision", choices=["grant", "withdraw"])
        parser.add_argument("organization")

    def handle(self, *_args: Any, decision: str, organization: str, **_options: Any) -> None:
        """Write the decision down and say what it means."""
        is_granted = decision == "grant"
        changed = Organization.objects.filter(slug=organization).update(may_run_code=is_granted)
        if not changed:
            raise CommandError(f"There is no organization {organization}.")
        may = "may now run code on this host" if is_granted else "may no longer run code here"
        self.stdout.write(f"{organization} {may}.")
