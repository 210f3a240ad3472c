"""The one stylesheet and the one script of a page, joined from small source files.

The sources stay one file per component and per behaviour. Joining happens in a finder, so that
`collectstatic` and a server in debug mode get the same two files from the same lines; a storage
would have needed a second way for debugging.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import django_htmx
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage

STYLESHEET = "css/hotdash.css"
SCRIPT = "js/hotdash.js"

_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
_SPRITE = re.compile(r'url\("[^"]*icons\.svg#([\w-]+)"\)')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")


def source() -> Path:
    """Return the directory of the sources."""
    return Path(settings.STATICFILES_DIRS[0])


def stylesheet() -> str:
    """Return layers.css with its imports in place, comments gone, sprite icons as data URIs."""
    root = source() / "css"
    entry = (root / "layers.css").read_text()

    def inlined(match: re.Match[str]) -> str:
        return f"@layer {match[2]} {{\n{(root / match[1]).read_text()}}}\n"

    joined = _COMMENT.sub("", _IMPORT.sub(inlined, entry))
    icons = _sprite()
    return _SPACE.sub(" ", _SPRITE.sub(lambda match: f'url("{icons[match[1]]}")', joined)).strip()


def _sprite() -> dict[str, str]:
    """Return each symbol of the sprite as the data URI of an image, for CSS masks."""
    namespace = "{http://www.w3.org/2000/svg}"
    root = ElementTree.fromstring((source() / "img" / "icons.svg").read_text())  # noqa: S314  our own file
    uris = {}
    for symbol in root.iter(f"{namespace}symbol"):
        drawing = "".join(ElementTree.tostring(part, encoding="unicode") for part in symbol)
        drawing = re.sub(r'\s?xmlns(:ns0)?="[^"]*"|ns0:', "", drawing).strip().replace('"', "'")
        image = (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{symbol.get('viewBox')}' fill='none'"
            " stroke='#000' stroke-width='1.9' stroke-linecap='round' stroke-linejoin='round'>"
            f"{drawing}</svg>"
        )
        uris[symbol.get("id", "")] = "data:image/svg+xml," + quote(image, safe=" ='/:,.")
    return uris


def script() -> str:
    """Return htmx and every behaviour of static/js, each in a scope of its own."""
    package = Path(django_htmx.__file__).parent
    htmx = (package / "static" / "django_htmx" / "htmx-2.min.js").read_text()
    behaviours = [path.read_text() for path in sorted((source() / "js").glob("*.js"))]
    return ";\n".join([htmx.strip(), *(f"{{\n{text.strip()}\n}}" for text in behaviours)]) + "\n"


JOINED: dict[str, Callable[[], str]] = {STYLESHEET: stylesheet, SCRIPT: script}


class JoinedFiles(BaseFinder):
    """Finds the joined stylesheet and script, and the images as they are."""

    def check(self, **_kwargs: Any) -> list[Any]:
        """Return no complaint: there is nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        """Return the file behind a static path, joined anew at each call; none: an empty list."""
        found = source() / path
        if path in JOINED:
            # apart from what was collected: compressed forms lie beside that, and go first
            found = Path(settings.STATIC_ROOT) / "joined" / path
            found.parent.mkdir(parents=True, exist_ok=True)
            joined = JOINED[path]()
            if not found.exists() or found.read_text() != joined:  # another request may be at it
                found.write_text(joined)
        elif path not in _images():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        """Yield what `collectstatic` copies: the two joined files and the images."""
        storage = InMemoryStorage()
        contents = {path: join().encode() for path, join in JOINED.items()}
        contents |= {path: (source() / path).read_bytes() for path in _images()}
        for path, content in contents.items():
            storage.save(path, ContentFile(content))
            yield path, storage


def _images() -> list[str]:
    return sorted(f"img/{file.name}" for file in (source() / "img").iterdir())
