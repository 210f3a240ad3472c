"""`manage.py signin-link EMAIL`: print a link with which that person sets a password."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hotdash.accounts.links import first_sign_in_link
from hotdash.accounts.models import User


class Command(BaseCommand):
    """Print a sign-in link for one person, on this terminal and nowhere else."""

    help = "Print a link, good for one hour and one use, with which a person sets a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person's e-mail address."""
        parser.add_argument("email")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        """Print the link, or say that nobody has this address."""
        try:
            person = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise CommandError(f"Nobody here has the address {email}.") from None
        self.stdout.write(first_sign_in_link(person))
