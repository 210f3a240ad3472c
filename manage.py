#!/usr/bin/env python
"""Django's commands for the dashboard; the embedded API has `python -m hotdash.localapi`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command line with the dashboard's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotdash.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
