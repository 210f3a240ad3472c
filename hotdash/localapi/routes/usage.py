"""What an organization has used, and of what: files may be limited (contract 5.11)."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import Single, single
from hotdash.localapi.files.limits import quota_bytes, used_bytes, used_percent
from hotdash.localapi.models import Schedule
from hotdash.localapi.pruning import keeping
from hotdash.localapi.schemas.usage import UNLIMITED, UNUSED_PERCENT, UsageShape
from hotdash.localapi.scope import environment_of
from hotdash.localapi.totals import organization_totals

router = Router(tags=["usage"])
_WARNED_FROM_PERCENT = 90


@router.get("/org/usage", auth=May("env:*", "read"), response=Single[UsageShape])
def show(request: Request) -> HttpResponse:
    """Return what the key's organization used in this calendar month."""
    org_id = environment_of(request.auth).org_id
    start = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    files_percent = used_percent(org_id)
    limits = {"storage_bytes": quota_bytes() or -1, "call_retention_days": keeping().days or -1}
    percent = {"file_storage": files_percent, "has_warning": files_percent > _WARNED_FROM_PERCENT}
    return single(
        {
            "org_id": org_id,
            "usage": _used(org_id, start),
            "limits": UNLIMITED | limits,
            "usage_percent": UNUSED_PERCENT | percent,
            "plan": {
                "name": "Self-Hosted",
                "period_start": start,
                "period_end": _next_month(start),
            },
        }
    )


def _used(org_id: UUID, since: datetime) -> dict[str, int]:
    counted = organization_totals(org_id)
    scheduled = Schedule.objects.filter(
        build__project__environment__org_id=org_id, build__deployed=True
    )
    return {
        "runs_this_period": counted.get(("accepted", f"{since:%Y-%m}"), 0),
        "file_storage_bytes": used_bytes(org_id),
        "team_members": 0,
        "call_storage_bytes": counted.get(("call_bytes", ""), 0),
        "call_count": counted.get(("call", ""), 0),
        "store_storage_bytes": 0,
        "active_schedules": scheduled.count(),
    }


def _next_month(start: datetime) -> datetime:
    if start.month == 12:
        return start.replace(year=start.year + 1, month=1)
    return start.replace(month=start.month + 1)
