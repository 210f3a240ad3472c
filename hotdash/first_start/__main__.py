"""The steps of a start that need the dashboard's database: `python -m hotdash.first_start STEP`."""

import os
import sys

import django

from hotdash.first_start import CannotStart
from hotdash.host import process
from hotdash.host.environment import MissingSetting


def main() -> int:
    """Run one step of a start.

    `collect` where an image is made; `prepare` before the servers start, `furnish` once the
    embedded API answers.
    """
    process.harden()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotdash.settings")
    try:
        django.setup()
        # models can be imported from here on
        from hotdash.first_start import furnishing, preparation

        steps = {
            "collect": preparation.collect,
            "prepare": preparation.prepare,
            "furnish": furnishing.furnish,
        }
        steps[sys.argv[1]]()
    except (MissingSetting, CannotStart) as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
