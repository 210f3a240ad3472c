"""Imports a build and finds what it declares. Runs only in a template, never in the API."""

import importlib
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from hotdash.localapi.runtime import hotbuild
from hotdash.localapi.runtime.naming import full_name


class DoesNotImport(Exception):
    """A build cannot be loaded; its text says which file, and why."""


def import_build(source: Path) -> list[ModuleType]:
    """Import every module below a directory, in the order of their paths; raise DoesNotImport."""
    sys.path.insert(0, str(source))
    sys.modules["hotbuild"] = hotbuild
    return [_import(source, path) for path in sorted(source.rglob("*.py")) if _is_module(path)]


def declared(modules: list[ModuleType], source: Path) -> dict[str, list[dict[str, Any]]]:
    """Return handlers, schedules and functions as a manifest lists them (contract 7)."""
    places = {
        full_name(module.__name__, name): {
            "fn": full_name(module.__name__, name),
            "file": relative(function.__code__.co_filename, source),
            "line": function.__code__.co_firstlineno,
        }
        for module in modules
        for name, function in own_functions(module, source)
    }
    return {
        "handlers": [
            _place(places, function)
            | {"type": event_type, "retry": retry, "retry_delay_ms": retry_delay_ms}
            for event_type, function, retry, retry_delay_ms in hotbuild.DECLARED.handlers
        ],
        "schedules": [
            _place(places, function) | {"cron": cron}
            for cron, function in hotbuild.DECLARED.schedules
        ],
        "functions": [
            place for name, place in places.items() if not name.rpartition("/")[2].startswith("_")
        ],
    }


def own_functions(module: ModuleType, source: Path) -> Iterator[tuple[str, FunctionType]]:
    """Yield the functions that a module defines itself, by their names in it."""
    for name, value in vars(module).items():
        if (
            isinstance(value, FunctionType)
            and value.__module__ == module.__name__
            and value.__qualname__ == name
            and is_inside(value.__code__.co_filename, source)
        ):
            yield name, value


def is_inside(filename: str, source: Path) -> bool:
    """Return whether code was read from a file of the build."""
    return filename.startswith(f"{source}/")


def relative(filename: str, source: Path) -> str:
    """Return a file's path as the build's author knows it."""
    return filename.removeprefix(f"{source}/")


def _is_module(path: Path) -> bool:
    return path.stem.isidentifier() and path.stem != "__main__"


def _import(source: Path, path: Path) -> ModuleType:
    parts = path.relative_to(source).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    file = str(path.relative_to(source))
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001  SystemExit and all else is the build's failure
        raise DoesNotImport(f"{file} does not import: {_words(error, source)}") from None
    if not is_inside(str(module.__file__), source):
        raise DoesNotImport(f"{file} has the name of a module that Python brings; rename it.")
    return module


def _words(error: BaseException, source: Path) -> str:
    where = [
        f" ({relative(frame.filename, source)}, line {frame.lineno})"
        for frame in traceback.extract_tb(error.__traceback__)
        if is_inside(frame.filename, source)
    ]
    if isinstance(error, SyntaxError):
        where = [f" (line {error.lineno})"]
        return f"SyntaxError: {error.msg}{where[-1]}"
    if isinstance(error, MemoryError):
        return f"it needs more memory than a run may use{''.join(where[-1:])}"
    return f"{type(error).__name__}: {error}{''.join(where[-1:])}"


def _place(places: dict[str, dict[str, Any]], function: Any) -> dict[str, Any]:
    name = full_name(function.__module__, function.__qualname__)
    if name not in places:
        raise DoesNotImport(
            f"{name} cannot be a handler or be scheduled: only a function of a module can."
        )
    return places[name]
