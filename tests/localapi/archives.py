"""Archives of builds, as they come from people: good ones, and each kind of bad one."""

import hashlib
import io
import json
import stat
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any

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
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in files.items():
            target.writestr(name, body)
    return content.getvalue()


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


def sha256(content: bytes) -> str:
    """Return the hash that an upload names."""
    return hashlib.sha256(content).hexdigest()
