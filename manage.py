#!/usr/bin/env python
"""Django's commands for the dashboard; the embedded API has `python -m hotdash.localapi`."""

import os
import sys

from django.core.management import execute_from_command_line

from hotdash.host.environment import MissingSetting


def main() -> None:
    """Run the command line with the dashboard's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotdash.settings")
    try:
        execute_from_command_line(spelled(sys.argv))
    except MissingSetting as missing:
        sys.exit(str(missing))


def spelled(words: list[str]) -> list[str]:
    """Return the command line as Django looks commands up: a module's name has no hyphen."""
    command = [word if word.startswith("-") else word.replace("-", "_") for word in words[1:2]]
    return [*words[:1], *command, *words[2:]]


if __name__ == "__main__":
    main()
