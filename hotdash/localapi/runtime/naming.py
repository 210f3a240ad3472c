"""Python's names on the wire: `add_nums` of `fixture/sdk.py` is `::fixture::sdk/add-nums`."""

from collections.abc import Collection


def namespace(module: str) -> str:
    """Return the namespace of a dotted module name."""
    return "::" + "::".join(_kebab(part) for part in module.split("."))


def variable(qualified: str) -> str:
    """Return the name of a function inside its namespace: `Class.method`, `Class` for its init."""
    return ".".join(_kebab(part) for part in qualified.removesuffix(".__init__").split("."))


def full_name(module: str, qualified: str) -> str:
    """Return namespace and name together, as calls and manifests write them."""
    return f"{namespace(module)}/{variable(qualified)}"


def type_name(kind: type, build_modules: Collection[str]) -> str:
    """Return the name of an exception's class: a built-in bare, a build's own in its namespace."""
    if kind.__module__ == "builtins":
        return kind.__name__
    if kind.__module__ in build_modules:
        return f"{namespace(kind.__module__)}/{kind.__qualname__}"
    return f"{kind.__module__}.{kind.__qualname__}"


def _kebab(name: str) -> str:
    bare = name.lstrip("_")
    if name.endswith("__"):
        return name  # a special method keeps the name that Python gave it
    # a leading underscore stays: `_check` and `check` are two functions
    return name[: len(name) - len(bare)] + bare.replace("_", "-")
