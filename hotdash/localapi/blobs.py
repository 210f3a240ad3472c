"""Large values of payloads lie beside them, as contents; in the payload stands a reference.

A string, or the bytes of a `::hot::type/Bytes`, of `HOTDASH_BLOB_BYTES` or more is taken out of an
event's data, a run's result or a task's arguments before that is stored, and put back where it is
read (contract 5.9).
"""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import OperationalError

from hotdash.host import environment
from hotdash.localapi import contents
from hotdash.localapi.models import Blob
from hotdash.localapi.models.ids import new_id

MUCH = 64 * 1024  # bytes; payloads up to that are read together, larger ones singly
_MOST = 50  # of a payload: each is a file that becomes durable, while others wait to be stored
_PREVIEW_BYTES = 256
_MARK_END = '"::hot::blob/BlobRef"'
_BYTES = '{{"$type":"::hot::type/Bytes","$val":[{}]}}'
# a leaf is a string, or the map that the Hot language writes for bytes
_LEAF = re.compile(
    r'\{\s*"\$type"\s*:\s*"::hot::type/Bytes"\s*,\s*"\$val"\s*:\s*\[(?P<numbers>[\d\s,]*)\]\s*\}'
    r'|(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")(?P<colon>\s*:)?'
)
# as `_reference` writes it, to the letter: what only looks like one may go on as it likes
_REFERENCE = re.compile(
    r'\{"\$type":"::hot::blob/BlobRef","\$val":\{"id":"(?P<id>[0-9a-f-]{36})"'
    r'(?:,"[a-z-]+":(?:\d+|"[^"\\]*(?:\\.[^"\\]*)*"))*\}\}'
)
_QUOTE = re.compile(r'(?<!\\)"')


class _Leaf(NamedTuple):
    """A large value, and from where to where it stood."""

    start: int
    stop: int
    encoding: str
    data: bytes


class Spill:
    """A payload without its large values; enter it before the transaction that stores it."""

    def __init__(self, payload: str, environment_id: UUID, owner_id: UUID) -> None:
        self.text = payload
        self.size: int | None = None  # in bytes, where that is much
        self._environment_id = environment_id
        self._owner_id = owner_id
        self._drafts: list[tuple[Blob, contents.Draft]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Write the large values aside; raise OSError where the disk does not take them."""
        if len(self.text) <= MUCH // 4:  # a character has four bytes at most
            return self
        size = len(self.text.encode())
        self.size = size if size > MUCH else None
        try:
            self._take_out(environment.number("HOTDASH_BLOB_BYTES"))
        except BaseException:
            self._open.close()  # who is not let in is not shown out: nothing may be left behind
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def store(self) -> None:
        """Keep the large values, inside the transaction that stores the text."""
        for blob, draft in self._drafts:
            blob.content = contents.keep(draft)
            blob.save(force_insert=True)

    def _take_out(self, least: int) -> None:
        parts, end = [], 0
        for leaf in islice(_large_leaves(self.text, least), _MOST):
            parts += [self.text[end : leaf.start], self._taken_out(leaf)]
            end = leaf.stop
        self.text = "".join([*parts, self.text[end:]])

    def _taken_out(self, leaf: _Leaf) -> str:
        draft = self._open.enter_context(contents.draft())
        draft.write(leaf.data)
        draft.seal()
        blob = Blob(
            blob_id=new_id(),
            environment_id=self._environment_id,
            owner_id=self._owner_id,
            encoding=leaf.encoding,
        )
        self._drafts.append((blob, draft))
        return _reference(blob, draft, leaf)


@contextmanager
def waited_for() -> Iterator[None]:
    """Raise OperationalError where the disk takes no large value, as where it takes no row."""
    try:
        yield
    except OSError as error:
        raise OperationalError(f"a large value cannot be stored: {error}") from error


def whole(payload: str, owner_id: UUID) -> str:
    """Return a payload with the large values of its own in place; a lost one stays a reference.

    A reference to what another event or run owns is text that somebody wrote, and stays as it is.
    """
    if _MARK_END not in payload:
        return payload
    owned = {
        str(blob.blob_id): blob
        for blob in Blob.objects.filter(owner_id=owner_id).select_related("content")
    }
    parts, end = [], 0
    for match in _REFERENCE.finditer(payload):
        blob = owned.get(match["id"])
        value = None if blob is None else _value(blob)
        if value is not None:
            parts += [payload[end : match.start()], value]
            end = match.end()
    return "".join([*parts, payload[end:]])


def content_type_of(blob: Blob) -> str:
    """Return what a blob is served as."""
    return "text/plain; charset=utf-8" if blob.encoding == "string" else "application/octet-stream"


def _large_leaves(text: str, least: int) -> Iterator[_Leaf]:
    if least <= 0 or not _may_hold(text, least):
        return
    for match in _LEAF.finditer(text):
        shortest = least if match["numbers"] is None else least * 2
        if match["colon"] or match.end() - match.start() < shortest // 4:
            continue
        encoding = "string" if match["numbers"] is None else "bytes"
        data = _data_of(match)
        if data is not None and len(data) >= least:
            yield _Leaf(match.start(), match.end(), encoding, data)


def _may_hold(text: str, least: int) -> bool:
    """Return False where no leaf can be large: between any two places so far apart is a quote."""
    step = max(1, least // 8)  # a leaf has a quarter as many characters as bytes, or more
    return any(
        _QUOTE.search(text, start, start + step) is None
        for start in range(0, len(text) - step + 1, step)
    )


def _data_of(match: re.Match[str]) -> bytes | None:
    try:
        if match["numbers"] is None:
            return str(json.loads(match["string"])).encode()
        return bytes(int(number) for number in match["numbers"].split(","))
    except ValueError:  # half a surrogate pair; a number that is no byte
        return None


def _reference(blob: Blob, draft: contents.Draft, leaf: _Leaf) -> str:
    facts = {
        "id": str(blob.blob_id),
        "object-id": str(UUID(hex=draft.sha256[:32])),
        "hash-alg": "sha256",
        "hash": draft.sha256,
        "size": draft.size,
        "content-type": content_type_of(blob),
        "preview": _preview(leaf),
        "encoding": blob.encoding,
    }
    return _dumped({"$type": "::hot::blob/BlobRef", "$val": facts})


def _preview(leaf: _Leaf) -> str:
    if leaf.encoding == "string":
        return leaf.data[:_PREVIEW_BYTES].decode(errors="ignore")
    return base64.b64encode(leaf.data[: _PREVIEW_BYTES * 3 // 4]).decode()


def _value(blob: Blob) -> str | None:
    try:
        data = contents.path_of(blob.content_id).read_bytes()
    except OSError:
        return None
    if blob.encoding == "string":
        return json.dumps(data.decode(), ensure_ascii=False)
    return _BYTES.format(",".join(map(str, data)))


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
