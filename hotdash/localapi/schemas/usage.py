"""An organization's usage on the wire (contract 5.11)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from typing_extensions import TypedDict

_LIMITED = (
    "runs_per_month",
    "storage_bytes",
    "team_members",
    "call_retention_days",
    "call_storage_bytes",
    "store_storage_bytes",
    "compute_units_per_month",
)
# compute_units_used is usage that the contract keeps among the limits
UNLIMITED: dict[str, int] = dict.fromkeys(_LIMITED, -1) | {
    "compute_units_used": 0,
    "compute_units_budget": -1,
    "task_minutes_per_month": -1,
    "active_schedules_per_org": -1,
}
UNUSED_PERCENT: dict[str, Any] = {
    "runs": 0.0,
    "file_storage": 0.0,
    "team_members": 0.0,
    "call_storage": 0.0,
    "store_storage": 0.0,
    "active_schedules": 0.0,
    "has_warning": False,
}


class PlanShape(TypedDict):
    """The period that usage is counted for."""

    name: str
    period_start: datetime
    period_end: datetime


class UsageShape(TypedDict):
    """Usage, limits (-1: none) and how much of them is used."""

    org_id: UUID
    usage: dict[str, int]
    limits: dict[str, int]
    usage_percent: dict[str, Any]
    plan: PlanShape
