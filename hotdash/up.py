"""`make run`: everything on one machine, started in order, watched, and stopped together."""

import asyncio
import signal
import sys
from urllib.parse import urlsplit

from hotdash.first_start import announcement
from hotdash.host import environment, isolation, places, ports, process
from hotdash.host.children import Child, ChildFailed
from hotdash.host.environment import MissingSetting

_READY_SECONDS = 30.0
_SERVERS = (
    ("api", "hotdash.localapi", "api"),
    ("worker", "hotdash.localapi", "worker"),
    ("web", "hotdash.serve"),
)


def main() -> int:
    """Start hotdash, stay until a signal or a failure, and leave nothing running."""
    process.harden()
    try:
        ports.require_free("The dashboard", "HOTDASH_HOST", "HOTDASH_PORT")
        ports.require_free("The embedded Hot API", "HOTDASH_API_HOST", "HOTDASH_API_PORT")
        ports.require_apart("HOTDASH", "HOTDASH_API")
        isolation.agreed(environment.data_dir())
        asyncio.run(Household().live())
    except (MissingSetting, ChildFailed) as reason:
        sys.stderr.write(f"\n{reason}\n\n")
        return 1
    return 0


class Household:
    """The processes of one `make run`, from the first migration to the last goodbye."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    async def live(self) -> None:
        """Return after INT, TERM or HUP; raise ChildFailed when a process gave up."""
        told_to_stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
        serving = asyncio.create_task(self._serve())
        waiting = asyncio.create_task(told_to_stop.wait())
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        serving.cancel()
        waiting.cancel()
        await asyncio.gather(*(child.stop() for child in self._children))
        (outcome,) = await asyncio.gather(serving, return_exceptions=True)
        if isinstance(outcome, Exception):
            raise _first_cause(outcome)

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as tables:
            tables.create_task(self._new("set-up", "hotdash.first_start", "prepare").finish())
            tables.create_task(self._new("set-up api", "hotdash.localapi", "migrate").finish())
        async with asyncio.TaskGroup() as servers:
            for name, *command in _SERVERS:
                servers.create_task(self._new(name, *command).keep())
            await _until_ready("The embedded Hot API", "HOTDASH_API", "/status", "localhost")
            await self._new("first start", "hotdash.first_start", "furnish").finish()
            public_name = urlsplit(places.dashboard_origin()).hostname or ""
            await _until_ready("The dashboard", "HOTDASH", "/healthz", public_name)
            sys.stdout.write(announcement.text())
            sys.stdout.flush()

    def _new(self, name: str, *command: str) -> Child:
        child = Child(name, (sys.executable, "-m", *command))
        self._children.append(child)
        return child


async def _until_ready(what: str, prefix: str, path: str, as_host: str) -> None:
    host, port = environment.text(f"{prefix}_HOST"), environment.number(f"{prefix}_PORT")
    clock = asyncio.get_running_loop().time
    deadline = clock() + _READY_SECONDS
    while clock() < deadline:
        # short looks, not one long wait: a thread cannot be cancelled by Ctrl-C
        if await asyncio.to_thread(ports.is_answering, host, port, path, as_host=as_host):
            return
        await asyncio.sleep(0.05)
    raise ChildFailed(f"{what} did not answer on port {port} within {_READY_SECONDS:.0f} seconds.")


def _first_cause(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


if __name__ == "__main__":
    sys.exit(main())
