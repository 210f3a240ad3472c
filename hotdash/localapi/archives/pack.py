"""`pack DIR`: makes the archive of a build from a directory of Python modules (contract 7)."""

import argparse
import hashlib
import json
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hotdash import __version__
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.runtime.cron import BadCron, check_cron
from hotdash.localapi.runtime.limits import Limits
from hotdash.localapi.runtime.templates import TemplateDied, TemplateProcess

_EPOCH = (1980, 1, 1, 0, 0, 0)  # no file times: only the content tells two archives apart


class CannotPack(Exception):
    """The directory is no build; the text says why."""


def main(argv: Sequence[str]) -> int:
    """Pack a directory and print where the archive is and its hash; return 1 with words if not."""
    parser = argparse.ArgumentParser(prog="python -m hotdash.localapi pack")
    parser.add_argument("directory", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="default: <project>.hot.zip")
    parser.add_argument("--project", help="default: the directory's name")
    chosen = parser.parse_args(argv)
    project = chosen.project or chosen.directory.resolve().name
    output = chosen.output or Path(f"{project}.hot.zip")
    try:
        digest = pack(chosen.directory, output, project)
    except CannotPack as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{output}\n{digest}\n")
    return 0


def pack(directory: Path, output: Path, project: str) -> str:
    """Write the archive and return its bundle hash; raise CannotPack."""
    source = directory.resolve()
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in _files(source)}
    if not any(name.endswith(".py") for name in files):
        raise CannotPack(f"{directory} holds no Python module.")
    listed = [
        {"path": f"src/{name}", "hash": _hash(content), "size": len(content)}
        for name, content in sorted(files.items())
    ]
    bundle_hash = _hash("".join(str(entry["hash"]) for entry in listed).encode())
    manifest = _manifest(project, bundle_hash, listed, declared_by(source))
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "manifest.hot", json.dumps(manifest, ensure_ascii=False, indent=2).encode())
        for name, content in sorted(files.items()):
            _write(archive, f"src/{name}", content)
    return bundle_hash


def declared_by(source: Path) -> dict[str, Any]:
    """Import the modules in a process of their own, return what they declare; raise CannotPack."""
    # not confined, so without a place to write to: this is the packer's own code and machine
    template = TemplateProcess(new_id(), source, source, Limits())
    try:
        while template.declared is None and template.failure is None:
            if template.is_late(time.monotonic()):
                raise CannotPack("The build took more than 10 s to import.")
            for _ in template.messages():
                pass
            time.sleep(0.01)
    except TemplateDied as death:
        raise CannotPack(f"The import of the build ended its process: {death}.") from None
    finally:
        template.end()
    if template.declared is None:
        raise CannotPack(str(template.failure))
    return template.declared


def _files(source: Path) -> Iterator[Path]:
    if not source.is_dir():
        raise CannotPack(f"{source} is no directory.")
    for path in sorted(source.rglob("*")):
        parts = path.relative_to(source).parts
        if path.is_symlink():
            raise CannotPack(f"{path} is a symbolic link; an archive cannot hold one.")
        if path.is_file() and not any(part[0] == "." or part == "__pycache__" for part in parts):
            yield path


def _manifest(
    project: str, bundle_hash: str, files: list[dict[str, Any]], declared: dict[str, Any]
) -> dict[str, Any]:
    handlers: dict[str, list[dict[str, Any]]] = {}
    for one in declared["handlers"]:
        meta = {"retry": one["retry"], "retry_delay_ms": one["retry_delay_ms"]}
        handlers.setdefault(one["type"], []).append(_placed(one) | {"meta": meta})
    schedules: dict[str, list[dict[str, Any]]] = {}
    for one in declared["schedules"]:
        _check_cron(one)
        schedules.setdefault(one["cron"], []).append(_placed(one) | {"meta": {}})
    return {
        f"hot.bundle.{project}": {
            "bundle_id": str(new_id()),
            "bundle_hash": bundle_hash,
            "engine_version": __version__,
            "language": "python",
            "files": files,
            "resources": [],
            "event_handlers": handlers,
            "scheduled_functions": schedules,
            "functions": [_placed(one) for one in declared["functions"]],
            "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
    }


def _check_cron(scheduled: dict[str, Any]) -> None:
    try:
        check_cron(scheduled["cron"])
    except BadCron as error:
        place = f"{scheduled['file']}, line {scheduled['line']}"
        raise CannotPack(f"{scheduled['fn']} ({place}) cannot be scheduled: {error}") from None


def _placed(one: dict[str, Any]) -> dict[str, Any]:
    return {"fn": one["fn"], "file": one["file"], "line": one["line"]}


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
