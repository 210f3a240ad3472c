"""Whether the dashboard of this machine is alive, as an exit status, for a container's engine."""

import sys
from urllib.parse import urlsplit

from hotdash.host import environment, places, ports


def main() -> int:
    """Ask it under the name that it answers to; return 0 if it is alive, else 1."""
    is_alive = ports.is_answering(
        environment.text("HOTDASH_HOST"),
        environment.number("HOTDASH_PORT"),
        "/healthz",
        as_host=urlsplit(places.dashboard_origin()).hostname or "",
    )
    return 0 if is_alive else 1


if __name__ == "__main__":
    sys.exit(main())
