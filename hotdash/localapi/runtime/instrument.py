"""Puts the tracer around every function and method that a build defines."""

from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from hotdash.localapi.runtime.discovery import is_inside, relative
from hotdash.localapi.runtime.naming import namespace, variable
from hotdash.localapi.runtime.tracer import Site, Tracer

_SPECIAL_METHODS = frozenset({"__init__", "__post_init__", "__call__"})


class Instrument:
    """Replaces functions by recorded ones, each once, wherever the build's modules name them."""

    def __init__(self, tracer: Tracer, source: Path) -> None:
        self._tracer = tracer
        self._source = source
        self._replaced: dict[FunctionType, Any] = {}

    def install(self, modules: list[ModuleType]) -> None:
        """Wrap what the modules define; aliases and `from x import y` are replaced as well."""
        for module in modules:
            for value in list(vars(module).values()):
                if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                    self._replacement(value)
                elif isinstance(value, type) and value.__module__ == module.__name__:
                    self._install_in_class(value)
        for module in modules:
            for name, value in list(vars(module).items()):
                if isinstance(value, FunctionType) and value in self._replaced:
                    setattr(module, name, self._replaced[value])

    def _install_in_class(self, owner: type) -> None:
        for name, member in list(vars(owner).items()):
            if name.startswith("__") and name not in _SPECIAL_METHODS:
                continue
            if isinstance(member, type) and member.__qualname__.startswith(
                owner.__qualname__ + "."
            ):
                self._install_in_class(member)
            replacement = self._member(member)
            if replacement is not None:
                try:
                    setattr(owner, name, replacement)
                except (AttributeError, TypeError):
                    continue  # a class that forbids it keeps its untraced method

    def _member(self, member: Any) -> Any:
        if isinstance(member, FunctionType):
            return self._replacement(member)
        if isinstance(member, staticmethod | classmethod):
            inner = member.__func__
            wrapped = self._replacement(inner) if isinstance(inner, FunctionType) else None
            return None if wrapped is None else type(member)(wrapped)
        return None

    def _replacement(self, function: FunctionType) -> Any:
        code = function.__code__
        if not is_inside(code.co_filename, self._source) or code.co_name == "<lambda>":
            return None
        if function not in self._replaced:
            site = Site(
                ns=namespace(function.__module__),
                var=variable(function.__qualname__),
                file=relative(code.co_filename, self._source),
                line=code.co_firstlineno,
                parameters=code.co_varnames[: code.co_argcount],
            )
            self._replaced[function] = self._tracer.wrap(function, site)
        return self._replaced[function]
