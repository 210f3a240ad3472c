"""What runs ask about files, answered in their own environment (contract 5.8; threats R6)."""

import os
import stat
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction

from hotdash.localapi import contents
from hotdash.localapi.contents import Draft
from hotdash.localapi.errors import Refused
from hotdash.localapi.files import keeping, limits
from hotdash.localapi.files.media import checked
from hotdash.localapi.files.paths import normalised
from hotdash.localapi.models import File, Run
from hotdash.localapi.runtime import queue
from hotdash.localapi.runtime.build_files import OUTGOING
from hotdash.localapi.runtime.desk import Reply
from hotdash.localapi.runtime.messages import Question

_PAGE = 200  # a path takes up to two KiB in a line of at most one MiB
_CHUNK = 1024 * 1024


def open_content(run: Run, _scratch: Path, question: Question) -> Reply:
    """Give a file's content as a descriptor that can only be read; raise Refused."""
    file = _found(run, question.given["path"])
    try:
        descriptor = os.open(contents.path_of(file.content_id), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refused(404, f"The content of {file.path} is not on this machine.") from None
    return Reply(_facts(file), descriptor)


def write(run: Run, scratch: Path, question: Question) -> Reply:
    """Keep what the run has laid into its scratch directory; raise Refused or LeaseLost.

    It is copied, not moved: the run could still write into what it has open.
    """
    content_type = question.given["type"]
    target = keeping.Target(
        run.environment_id,
        normalised(question.given["path"]),
        checked(content_type) if content_type else None,
        run.run_id,
    )
    with _laid_down(scratch) as given, contents.draft() as draft:
        _copy(given, draft)
        draft.seal()
        with transaction.atomic():
            queue.check_held(run)
            return Reply(_facts(keeping.put(target, draft)))


def list_page(run: Run, _scratch: Path, question: Question) -> Reply:
    """Give a page of the files under a prefix, after a path, in the order of their paths."""
    rows = keeping.under(_files_of(run), question.given["prefix"])
    rows = rows.filter(path__gt=question.given["after"]).order_by("path")
    found = list(rows.select_related("content")[: _PAGE + 1])
    page = [_facts(file) for file in found[:_PAGE]]
    return Reply({"files": page, "has_more": len(found) > _PAGE})


def delete(run: Run, _scratch: Path, question: Question) -> Reply:
    """Delete a file; raise Refused or LeaseLost."""
    file = _found(run, question.given["path"])
    with transaction.atomic():
        queue.check_held(run)
        keeping.remove(_files_of(run).filter(pk=file.pk))
    return Reply({})


def _files_of(run: Run) -> Any:
    return File.objects.filter(environment_id=run.environment_id)


def _found(run: Run, path: str) -> File:
    path = normalised(path)
    file: File | None = _files_of(run).select_related("content").filter(path=path).first()
    if file is None:
        raise Refused(404, f"There is no file {path}.")
    return file


def _laid_down(scratch: Path) -> BinaryIO:
    # a link or a pipe in its place would have the worker read what the run may not, or wait
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(scratch / OUTGOING, flags)
    except OSError:
        raise Refused(400, "The run laid down no content.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused(400, "The run laid down no content.")
    return os.fdopen(descriptor, "rb")


def _copy(given: BinaryIO, draft: Draft) -> None:
    most = limits.most_bytes()
    limits.check_disk(os.fstat(given.fileno()).st_size)
    while chunk := given.read(_CHUNK):
        if draft.size + len(chunk) > most:
            raise limits.too_large(most)
        draft.write(chunk)


def _facts(file: File) -> dict[str, Any]:
    return {
        "path": file.path,
        "size": file.content.size,
        "content_type": file.content_type,
        "file_id": str(file.file_id),
        "updated_at": file.updated_at.isoformat(),
    }
