"""How large files may be, one and all together."""

import shutil
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet, Sum

from hotdash.host import environment
from hotdash.host.environment import MissingSetting
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import Environment, File

MIB = 1024 * 1024


def most_bytes() -> int:
    """Return how large one file may be; raise MissingSetting."""
    megabytes = environment.number("HOTDASH_FILE_MAX_MB")
    if megabytes < 1:
        raise MissingSetting(f"HOTDASH_FILE_MAX_MB is at least 1, not {megabytes}.")
    return megabytes * MIB


def quota_bytes() -> int | None:
    """Return how large an organization's files may be together; raise MissingSetting."""
    megabytes = environment.number("HOTDASH_FILES_QUOTA_MB")
    if megabytes < 0:
        raise MissingSetting(f"HOTDASH_FILES_QUOTA_MB is 0 or more, not {megabytes}.")
    return megabytes * MIB or None


def check_settings() -> None:
    """Raise MissingSetting before anything starts, rather than at the first upload."""
    most_bytes()
    quota_bytes()


def too_large(most: int) -> Refused:
    """Return the refusal of a file that is larger than it may be."""
    return Refused(413, f"The file is larger than {most / MIB:,.6g} MiB.", "payload_too_large")


def check_quota(env_id: UUID, path: str, size: int) -> None:
    """Raise 413 where a file of that size under that path would be more than the quota allows.

    What lies there now goes for it, and is not counted.
    """
    quota = quota_bytes()
    if not quota:
        return
    others = _files_of(_org_of(env_id)).exclude(environment_id=env_id, path=path)
    if _size_of(others) + size > quota:
        raise Refused(
            413,
            f"This organization's files would take more than {quota / MIB:,.6g} MiB.",
            "storage_quota_exceeded",
        )


def take_quota(env_id: UUID, path: str, size: int) -> None:
    """Check the quota in the transaction that keeps the file; raise 413.

    Until its end nobody else keeps a file of the organization, where files are counted at all.
    """
    if quota_bytes():
        same = Environment.objects.filter(org_id=_org_of(env_id))
        # no key: whoever publishes an event refers to these rows, and need not wait
        list(same.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        check_quota(env_id, path, size)


def used_percent(org_id: UUID) -> float:
    """Return how much of its quota an organization's files take; 0 where there is none."""
    quota = quota_bytes()
    return round(used_bytes(org_id) / quota * 100, 1) if quota else 0.0


def used_bytes(org_id: UUID) -> int:
    """Return how large an organization's files are together."""
    return _size_of(_files_of(org_id))


def check_disk(size: int) -> None:
    """Raise 507 when the disk would not hold that much more."""
    if size > shutil.disk_usage(settings.FILES_DIR).free:
        raise Refused(507, "The disk of this server has no room for a file of that size.")


def _org_of(env_id: UUID) -> UUID:
    org_id: UUID = Environment.objects.values_list("org_id", flat=True).get(pk=env_id)
    return org_id


def _files_of(org_id: UUID) -> QuerySet[File]:
    return File.objects.filter(environment__org_id=org_id)


def _size_of(files: QuerySet[File]) -> int:
    size: int | None = files.aggregate(size=Sum("content__size"))["size"]
    return size or 0
