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
        execute_from_command_line(sys.argv)
    except MissingSetting as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
