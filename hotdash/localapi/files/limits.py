"""How large files may be, one and all together."""

import shutil
from uuid import UUID

from django.conf import settings
from django.db.models import Sum

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


def check_quota(env_id: UUID, more: int) -> None:
    """Raise 413 when the organization would keep more than its quota, where there is one."""
    quota = quota_bytes()
    if quota and used_bytes(Environment.objects.get(pk=env_id).org_id) + more > quota:
        raise Refused(
            413,
            f"This organization's files would take more than {quota / MIB:,.6g} MiB.",
            "storage_quota_exceeded",
        )


def used_percent(org_id: UUID) -> float:
    """Return how much of its quota an organization's files take; 0 where there is none."""
    quota = quota_bytes()
    return round(used_bytes(org_id) / quota * 100, 1) if quota else 0.0


def used_bytes(org_id: UUID) -> int:
    """Return how large an organization's files are together."""
    files = File.objects.filter(environment__org_id=org_id)
    used: int | None = files.aggregate(size=Sum("content__size"))["size"]
    return used or 0


def check_disk(size: int) -> None:
    """Raise 507 when the disk would not hold that much more."""
    if size > shutil.disk_usage(settings.FILES_DIR).free:
        raise Refused(507, "The disk of this server has no room for a file of that size.")
