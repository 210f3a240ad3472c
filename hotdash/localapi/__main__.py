"""The programs of the embedded API: `python -m hotdash.localapi COMMAND`."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from tempfile import TemporaryDirectory

from hotdash.host import environment, process
from hotdash.host.environment import MissingSetting

_Arguments = Sequence[str]


def _api(_arguments: _Arguments) -> int:
    """Serve HTTP until SIGTERM."""
    from hotdash.host.serving import serve
    from hotdash.localapi.archives import storage
    from hotdash.localapi.context import seal
    from hotdash.localapi.files import limits

    seal.check_ring()
    limits.check_settings()
    storage.prepare()
    serve(
        "hotdash.localapi.asgi:application",
        environment.text("HOTDASH_API_HOST"),
        environment.number("HOTDASH_API_PORT"),
    )
    return 0


def _worker(arguments: _Arguments) -> int:
    """Execute runs until SIGTERM."""
    from hotdash.localapi.context import seal
    from hotdash.localapi.files import limits
    from hotdash.localapi.runtime import worker

    seal.check_ring()
    limits.check_settings()
    return worker.main(list(arguments))


def _migrate(_arguments: _Arguments) -> int:
    """Bring the database up to date and write the operator key."""
    from django.core.management import call_command
    from django.db import OperationalError

    from hotdash.localapi.credentials import operator_key

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        is_named = bool(environment.text("HOTDASH_API_DATABASE_URL"))
        place = "HOTDASH_API_DATABASE_URL" if is_named else "HOTDASH_DATA_DIR"
        raise MissingSetting(f"The database in {place} cannot be used: {error}") from None
    operator_key.ensure()
    return 0


def _pack(arguments: _Arguments) -> int:
    """Make a build of a directory."""
    from hotdash.localapi.archives import pack

    return pack.main(list(arguments))


def _adopt_files(_arguments: _Arguments) -> int:
    """Say that this machine's directory of builds and files is the one that all share."""
    from hotdash.localapi import sharing

    sys.stdout.write(f"{sharing.adopt()} is the directory of builds and files.\n")
    return 0


def _context_rotate(_arguments: _Arguments) -> int:
    """Seal context values and metadata anew with the first key of HOTDASH_API_KEYS."""
    from hotdash.localapi.context import rotation

    return rotation.main()


def _prune(arguments: _Arguments) -> int:
    """Delete runs and events that need not be kept."""
    from hotdash.localapi import pruning

    return pruning.main(list(arguments))


_COMMANDS: Mapping[str, Callable[[_Arguments], int]] = {
    "api": _api,
    "worker": _worker,
    "migrate": _migrate,
    "pack": _pack,
    "context-rotate": _context_rotate,
    "adopt-files": _adopt_files,
    "prune": _prune,
}


def main(arguments: _Arguments) -> int:
    """Run the command that the first argument names; return its exit code."""
    command = _COMMANDS.get(arguments[0] if arguments else "")
    if command is None:
        sys.stderr.write(f"usage: python -m hotdash.localapi {'|'.join(_COMMANDS)}\n")
        return 2
    # not setdefault: whoever starts this may be a process of the dashboard, with its settings
    os.environ["DJANGO_SETTINGS_MODULE"] = "hotdash.localapi.settings"
    process.harden()
    with ExitStack() as left:
        if command is _pack:
            # settings make their data directory, and packing keeps nothing: none stays behind
            os.environ["HOTDASH_DATA_DIR"] = left.enter_context(TemporaryDirectory())
        try:
            import django

            django.setup()
            return command(arguments[1:])
        except MissingSetting as error:
            sys.stderr.write(f"{error}\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
