"""Files as rows: put under a path, found again, removed."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from hotdash.localapi import contents
from hotdash.localapi.contents import Draft
from hotdash.localapi.files import limits
from hotdash.localapi.files.media import type_of
from hotdash.localapi.models import Content, File
from hotdash.localapi.models.ids import new_id

_ONCE = ["environment", "path"]
_WRITTEN = ["content", "content_type", "updated_by_run_id", "updated_at"]


@dataclass(frozen=True)
class Target:
    """Where a content is put: a normalised path in an environment, by a run or by a client."""

    env_id: UUID
    path: str
    content_type: str | None = None  # None: what the path tells
    run_id: UUID | None = None


def put(target: Target, draft: Draft) -> File:
    """Return the file that holds the draft's content from now on; its former content is let go.

    Raises 413 where the organization has no room for it.
    """
    draft.seal()
    with transaction.atomic():
        limits.take_quota(target.env_id, target.path, draft.size)
        content = contents.keep(draft)
        same = File.objects.filter(environment_id=target.env_id, path=target.path)
        _let_go(same.exclude(content=content))
        File.objects.bulk_create(
            [_row(target, content)],
            update_conflicts=True,
            unique_fields=_ONCE,
            update_fields=_WRITTEN,
        )
        return same.select_related("content").get()


def remove(files: QuerySet[File]) -> bool:
    """Remove files; False where there were none."""
    with transaction.atomic():
        _let_go(files)
        removed, _ = files.delete()
    return bool(removed)


def under(files: QuerySet[File], prefix: str) -> QuerySet[File]:
    """Return the files whose path begins with exactly that text."""
    if not prefix:
        return files
    # not startswith: its LIKE takes A for a on SQLite
    return files.annotate(beginning=Left("path", len(prefix))).filter(beginning=prefix)


def _row(target: Target, content: Content) -> File:
    now = timezone.now()
    return File(
        file_id=new_id(),
        environment_id=target.env_id,
        path=target.path,
        content=content,
        content_type=target.content_type or type_of(target.path),
        created_by_run_id=target.run_id,
        updated_by_run_id=target.run_id,
        created_at=now,
        updated_at=now,
    )


def _let_go(files: QuerySet[File]) -> None:
    """Give who has just looked a file up the time to open its content."""
    contents.spare(Content.objects.filter(files__in=files))
