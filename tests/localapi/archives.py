"""Archives of builds, as they come from people: good ones, and each kind of bad one."""

import hashlib
import io
import json
import stat
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 14):
    import zipfile as zipfile_of_314

    from compression import zstd
else:
    from backports import zstd
    from backports.zstd import zipfile as zipfile_of_314

__all__ = [
    "archive",
    "hot_build",
    "kib_to_refuse",
    "manifest",
    "sha256",
    "with_entry",
    "zipped",
    "zstd",
    "zstd_zipped",
]

ORDERS = {"order:placed": [{"fn": "::shop::orders/on-order", "meta": {"retry": 2}}]}


def manifest(**facts: Any) -> str:
    """Return a manifest of a project named shop, with these facts changed."""
    known: dict[str, Any] = {
        "bundle_id": "01a204f9-651c-71b0-9044-73cc7a198090",
        "bundle_hash": "b" * 64,
        "engine_version": "2.6.9",
        "language": "python",
        "files": [],
        "resources": [],
        "event_handlers": ORDERS,
        "scheduled_functions": {"0 3 * * *": [{"fn": "::shop::orders/nightly"}]},
        "functions": [],
        "created_at": "2026-11-22T20:36:18Z",
    }
    return json.dumps({"hot.bundle.shop": known | facts}, ensure_ascii=False)


def archive(text: str | None = None, files: Mapping[str, bytes | str] | None = None) -> bytes:
    """Return a zip with that manifest (a good one by default) and those files."""
    packed = {"src/shop/orders.py": "def on_order(event): return event\n", **(files or {})}
    return zipped({"manifest.hot": manifest() if text is None else text, **packed})


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Return a zip of exactly these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name, body in files.items():
            target.writestr(_without_time(zipfile, name), body, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def zstd_zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Return a zip of exactly these files, by the method of the platform's command line."""
    content = io.BytesIO()
    with zipfile_of_314.ZipFile(content, "w") as target:
        for name, body in files.items():
            entry = _without_time(zipfile_of_314, name)
            target.writestr(entry, body, zipfile_of_314.ZIP_ZSTANDARD)
    return content.getvalue()


def hot_build() -> bytes:
    """Return a build of Hot code, as the platform's command line writes it."""
    facts = {
        "hot_std_version": "2.6.9",
        "files": [{"path": "hot/src/shop/orders.hot", "hash": "a" * 64, "size": 21}],
        "event_handlers": {
            "order:placed": [
                {
                    "fn": "::shop::orders/on-order",
                    "meta": {"on-event": "order:placed", "retry": {"attempts": 3, "delay": 500}},
                    "file": "hot/src/shop/orders.hot",
                    "line": 3,
                }
            ]
        },
        "scheduled_functions": {"7pm every Thursday": [{"fn": "::shop::jobs/weekly", "meta": {}}]},
        "mcp_tools": {},
        "ctx_requirements": [{"key": "shop.key", "declared-by": "::shop"}],
    }
    known = json.loads(manifest(**facts))
    del known["hot.bundle.shop"]["language"]
    text = json.dumps(known, indent=2).replace('"files"', "files")  # keys may be bare words
    return zstd_zipped({"manifest.hot": text, "hot/src/shop/orders.hot": "on-order fn (event) {}"})


def with_entry(name: str, body: bytes = b"", mode: int = stat.S_IFREG | 0o644) -> bytes:
    """Return a good archive and one entry of exactly that name and kind."""
    content = io.BytesIO(archive())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as target:
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = name  # past what the constructor would correct
        entry.external_attr = mode << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a name that is there already
            target.writestr(entry, body)
    return content.getvalue()


def _without_time(module: Any, name: str) -> Any:
    """Return an entry that is the same at any time of day."""
    entry = module.ZipInfo(name)
    entry.external_attr = 0o600 << 16
    return entry


def sha256(content: bytes) -> str:
    """Return the hash that an upload names."""
    return hashlib.sha256(content).hexdigest()


def kib_to_refuse(file: Path) -> int:
    """Return how much memory it takes a process of its own to refuse an archive."""
    program = (
        "import pathlib, resource, sys\n"
        "from hotdash.localapi.archives.archive import BadArchive, check\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    check(pathlib.Path(sys.argv[1]))\n"
        "except BadArchive:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, file], capture_output=True, text=True, check=True
    )
    return int(run.stdout)
