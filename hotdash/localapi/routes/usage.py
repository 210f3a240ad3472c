"""What an organization has used; nothing here is limited (contract 5.11)."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import Single, single
from hotdash.localapi.files.limits import used_bytes
from hotdash.localapi.models import Environment, Schedule
from hotdash.localapi.schemas.usage import UNLIMITED, UNUSED_PERCENT, UsageShape
from hotdash.localapi.scope import environment_of
from hotdash.localapi.totals import organization_totals

router = Router(tags=["usage"])


@router.get("/org/usage", auth=May("env:*", "read"), response=Single[UsageShape])
def show(request: Request) -> HttpResponse:
    """Return what the key's organization used in this calendar month."""
    org_id = environment_of(request.auth).org_id
    start = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    environments = Environment.objects.filter(org_id=org_id)
    counted = organization_totals(org_id)
    usage: dict[str, Any] = {
        "runs_this_period": counted.get(("accepted", f"{start:%Y-%m}"), 0),
        "file_storage_bytes": used_bytes(org_id),
        "team_members": 0,
        "call_storage_bytes": counted.get(("call_bytes", ""), 0),
        "call_count": counted.get(("call", ""), 0),
        "store_storage_bytes": 0,
        "active_schedules": Schedule.objects.filter(
            build__project__environment__in=environments, build__deployed=True
        ).count(),
    }
    plan = {"name": "Self-Hosted", "period_start": start, "period_end": _next_month(start)}
    return single(
        {
            "org_id": org_id,
            "usage": usage,
            "limits": UNLIMITED,
            "usage_percent": UNUSED_PERCENT,
            "plan": plan,
        }
    )


def _next_month(start: datetime) -> datetime:
    if start.month == 12:
        return start.replace(year=start.year + 1, month=1)
    return start.replace(month=start.month + 1)
