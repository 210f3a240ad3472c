"""One run in one process: takes its request, calls the function, says how it ended. No Django."""

import asyncio
import inspect
import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from socket import socket
from types import ModuleType
from typing import Any

from hotdash.localapi.runtime import hotbuild, process
from hotdash.localapi.runtime.confinement import Confinement
from hotdash.localapi.runtime.discovery import is_inside, relative
from hotdash.localapi.runtime.large_values import Room
from hotdash.localapi.runtime.limits import RESULT_BYTES, Limits
from hotdash.localapi.runtime.masking import Mask
from hotdash.localapi.runtime.naming import full_name, variable
from hotdash.localapi.runtime.outlet import NotJson, Outlet, to_json
from hotdash.localapi.runtime.snapshot import Snapshot
from hotdash.localapi.runtime.tracer import Recorder, Tracer
from hotdash.localapi.runtime.wire import Wire


class Child:
    """The one run of this process."""

    def __init__(
        self, connection: socket, modules: list[ModuleType], source: Path, tracer: Tracer
    ) -> None:
        self._wire = Wire(connection)
        self._modules = {module.__name__: module for module in modules}
        self._source = source
        self._tracer = tracer

    def run(self, limits: Limits, confinement: Confinement) -> None:
        """Execute one request to its end."""
        request = self._wire.request()
        limits = replace(limits, seconds=request["seconds"])
        _settle(request, limits)
        confinement.enter_run(Path(request["scratch"]))
        mask = Mask(request["ctx"].values())
        outlet = Outlet(self._wire, mask, self._name_of)
        hotbuild.open_run(request["run"], request["ctx"], outlet)
        hotbuild.files.enter_run(outlet, Path(request["scratch"]))
        snapshot = Snapshot(mask.texts, Room(request["large"]))
        recorder = Recorder(self._wire.emit_call, snapshot, self._modules)
        self._tracer.recorder = recorder
        try:
            given = json.loads(request["input"])
            value = _call(self._find(request["fn"]), given if request["spread"] else [given])
            text = mask.shown(to_json(value, "the result"))
        except hotbuild.Cancelled as end:
            self._cancel(end, mask)
        except BaseException as error:  # noqa: BLE001  whatever ends the function is its outcome
            self._wire.emit(self._failure(error, recorder, limits))
        else:
            self._succeed(text)

    def _find(self, name: str) -> Callable[..., Any]:
        for module in self._modules.values():
            for attribute, value in vars(module).items():
                if callable(value) and full_name(module.__name__, attribute) == name:
                    found: Callable[..., Any] = value
                    return found
        raise LookupError(f"this build has no function {name}")

    def _name_of(self, function: object) -> str:
        """Return the name of a function of this build, or of its name; raise LookupError."""
        name = str(function)
        if callable(function):
            module = getattr(function, "__module__", "")
            name = full_name(module, getattr(function, "__qualname__", type(function).__name__))
        self._find(name)
        return name

    def _succeed(self, text: str) -> None:
        if len(text.encode(errors="replace")) > RESULT_BYTES:
            message = "result too large: more than 32 MiB"
            self._wire.emit(_failure({"type": "ResultTooLarge", "msg": message}))
            return
        self._wire.emit_text("result-part", text, {"m": "done"})

    def _cancel(self, end: hotbuild.Cancelled, mask: Mask) -> None:
        try:
            data = to_json(end.data, "the data of the cancellation")
        except NotJson as error:
            data = to_json(str(error), "the reason")
        words = {"m": "cancel", "msg": mask.text(end.reason)}
        self._wire.emit_text("result-part", mask.shown(data), words)

    def _failure(self, error: BaseException, recorder: Recorder, limits: Limits) -> dict[str, Any]:
        words = recorder.describe(error)
        if isinstance(error, MemoryError):
            words = {
                "type": "MemoryLimit",
                "msg": f"memory limit: the run needed more than {limits.memory_mb} MB",
            }
        elif isinstance(error, NotJson):
            words["type"] = "NotJson"  # ours, not one that a reader could look up by its module
        elif isinstance(error, SystemExit):
            words["msg"] = f"the function ended its process: exit({error.code!r})"
        call = recorder.origin_of(error)
        place = self._place(error) | ({} if call is None else {"call": call.seq})
        traceback.clear_frames(error.__traceback__)  # frees what filled the memory
        return _failure(words, **place)

    def _place(self, error: BaseException) -> dict[str, Any]:
        frames = [
            (frame, line)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if is_inside(frame.f_code.co_filename, self._source)
        ]
        if not frames:
            return {}
        frame, line = frames[-1]
        module = str(frame.f_globals.get("__name__", ""))
        return {
            "function": full_name(module, variable(frame.f_code.co_qualname)),
            "file": relative(frame.f_code.co_filename, self._source),
            "line": line,
        }


def _call(function: Callable[..., Any], arguments: list[Any]) -> Any:
    if inspect.iscoroutinefunction(function):
        return asyncio.run(function(*arguments))
    return function(*arguments)


def _settle(request: dict[str, Any], limits: Limits) -> None:
    os.chdir(request["scratch"])
    os.environ.update(
        {
            "HOME": request["scratch"],
            "TMPDIR": request["scratch"],
            "HOTDASH_RUN_ID": request["run"]["run_id"],
        }
    )
    process.limit_run(limits)
    sys.argv = [""]


def _failure(words: dict[str, str], **place: Any) -> dict[str, Any]:
    return {"m": "fail", "msg": words["msg"], "err": words | place}
