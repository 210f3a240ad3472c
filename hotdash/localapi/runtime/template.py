"""A process that has one build imported and forks a child for each run. No Django in it.

It is executed, not forked, with an empty environment and one descriptor: the control socket to
its worker. It is single-threaded, so that a fork copies no lock that somebody else holds.
"""

import gc
import os
import select
import sys
import threading
from pathlib import Path
from socket import recv_fds, socket
from typing import Any

from hotdash.host.process import close_to_others, die_with
from hotdash.localapi.runtime import process
from hotdash.localapi.runtime.child import Child
from hotdash.localapi.runtime.confinement import Confinement
from hotdash.localapi.runtime.discovery import DoesNotImport, declared, import_build
from hotdash.localapi.runtime.instrument import Instrument
from hotdash.localapi.runtime.limits import LINE_BYTES, Limits
from hotdash.localapi.runtime.lines import Reader, encode
from hotdash.localapi.runtime.tracer import Tracer

_MESSAGE_CHARACTERS = 480
_RECEIVE_BYTES = 64 * 1024
_RECEIVE_FDS = 64
_BROKEN = 70


class Template:
    """Forks, watches and buries the children of one build."""

    def __init__(
        self, control: socket, source: Path, limits: Limits, confinement: Confinement
    ) -> None:
        self._control = control
        self._source = source
        self._limits = limits
        self._confinement = confinement
        self._tracer = Tracer()
        self._modules = import_build(source)
        self._declared = declared(self._modules, source)
        self._runs: dict[str, tuple[int, int]] = {}  # run -> pid, pidfd
        self._sockets: list[int] = []

    def prepare(self) -> bytes:
        """Wrap the build's functions and return what it declares; raise DoesNotImport."""
        ready = encode({"m": "ready", "declared": self._declared})
        if len(ready) > LINE_BYTES:
            raise DoesNotImport("The build has more functions than a worker can list.")
        if threading.active_count() > 1:
            raise DoesNotImport(
                "The build starts a thread while it is imported; start threads inside a handler."
            )
        Instrument(self._tracer, self._source).install(self._modules)
        gc.collect()
        gc.freeze()
        return ready

    def serve(self) -> None:
        """Fork and bury until the worker is gone."""
        reader = Reader()
        while True:
            pidfds = {pidfd: run for run, (_, pidfd) in self._runs.items()}
            control = self._control.fileno()
            readable, _, _ = select.select([control, *pidfds], [], [])
            for pidfd in readable:
                if pidfd in pidfds:
                    self._bury(pidfds[pidfd])
            if control in readable and not self._obey(reader):
                return

    def _obey(self, reader: Reader) -> bool:
        received, descriptors, _, _ = recv_fds(self._control, _RECEIVE_BYTES, _RECEIVE_FDS)
        self._sockets += descriptors
        for message in reader.feed(received):
            if message["m"] == "start":
                self._fork(message["run"], self._sockets.pop(0))
            elif message["run"] in self._runs:
                process.kill_group(self._runs[message["run"]][0])
        return bool(received)

    def _fork(self, run: str, descriptor: int) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_child(parent, descriptor)
        os.close(descriptor)
        self._runs[run] = (pid, os.pidfd_open(pid))
        self._tell({"m": "started", "run": run, "pid": pid})

    def _become_child(self, parent: int, descriptor: int) -> None:
        try:
            os.setsid()
            die_with(parent)
            self._control.close()
            for _, pidfd in self._runs.values():
                os.close(pidfd)
            for other in self._sockets:
                os.close(other)
            os.set_inheritable(descriptor, False)
            connection = socket(fileno=descriptor)
            child = Child(connection, self._modules, self._source, self._tracer)
            child.run(self._limits, self._confinement)
        except BaseException:  # noqa: BLE001  nothing may unwind into the template's own code
            os._exit(_BROKEN)
        os._exit(0)  # past whatever the build registered to happen at exit

    def _bury(self, run: str) -> None:
        pid, pidfd = self._runs.pop(run)
        os.close(pidfd)
        process.kill_group(pid)  # still a zombie, so the number is still its own
        _, status = os.waitpid(pid, 0)
        process.sweep({pid for pid, _ in self._runs.values()})
        self._tell({"m": "ended", "run": run, "status": status})

    def _tell(self, message: dict[str, Any]) -> None:
        self._control.sendall(encode(message))


def main() -> None:
    """Run a template: the arguments name its socket, worker, sources, scratch and limits."""
    descriptor, worker, source, scratch = sys.argv[1:5]
    limits = Limits.of(sys.argv[5:])
    confinement = Confinement(Path(source), Path(scratch), is_on=limits.is_confined)
    control = socket(fileno=int(descriptor))
    die_with(int(worker))
    close_to_others()
    process.adopt_orphans()
    process.gain_no_privileges()
    process.give_up_capabilities()
    process.limit_memory(limits)
    try:
        _enter(confinement)
        template = Template(control, Path(source), limits, confinement)
        ready = template.prepare()
    except DoesNotImport as error:
        control.sendall(encode({"m": "failed", "reason": str(error)[:_MESSAGE_CHARACTERS]}))
        return
    control.sendall(ready)
    template.serve()


def _enter(confinement: Confinement) -> None:
    try:
        confinement.enter_template()
    except OSError as error:
        raise DoesNotImport(f"Its runs cannot be isolated: {error}.") from None
