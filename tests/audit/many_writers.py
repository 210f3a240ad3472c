"""Several threads write the audit record at once. Run by test_concurrency; says what came of it."""

import sys
import threading

import django
from django.core.management import call_command

WRITERS, EACH = 6, 15


def main() -> None:
    """Write, then check positions and chain."""
    django.setup()
    call_command("migrate", verbosity=0)
    from hotdash.audit.models import Entry
    from hotdash.audit.record import chain_value

    gate = threading.Barrier(WRITERS)
    threads = [threading.Thread(target=_write, args=(gate,)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(Entry.objects.all())
    is_dense = [entry.position for entry in entries] == list(range(1, 2 * WRITERS * EACH + 1))
    previous, is_whole = b"", True
    for entry in entries:
        is_whole &= bytes(entry.chain) == chain_value(entry, previous)
        previous = bytes(entry.chain)
    sys.stdout.write(f"dense={is_dense} whole={is_whole}\n")


def _write(gate: threading.Barrier) -> None:
    from django.db import connection

    from hotdash.accounts.models import User
    from hotdash.audit.record import Deed, close, open_deed
    from hotdash.orgs.models import Organization

    deed = Deed("builds.deploy", User(email="a@b.test"), Organization(slug="acme"), "", {})
    connection.ensure_connection()
    gate.wait()
    for _ in range(EACH):
        close(deed, open_deed(deed), "done")
    connection.close()


if __name__ == "__main__":
    main()
