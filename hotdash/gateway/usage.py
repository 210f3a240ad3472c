"""What the organization has used, or the older generation's quota (contract 5.11, 10.1)."""

from dataclasses import dataclass
from uuid import UUID

from hotdash.gateway import client, fields
from hotdash.gateway.envelopes import Row
from hotdash.gateway.errors import RouteMissing
from hotdash.gateway.paths import path
from hotdash.gateway.upstream import Gateway

Numbers = dict[str, int | float]


@dataclass(frozen=True)
class Usage:
    """Numbers by the server's own names; a limit of -1 is none, 0 is switched off."""

    org_id: UUID | None
    plan: str | None
    usage: Numbers
    limits: Numbers
    percent: Numbers
    has_warning: bool


def get_usage(gateway: Gateway) -> Usage:
    """Return the usage; from `/env/quota` where the server has no `/org/usage`."""
    try:
        row = client.fetch(gateway, path("org", "usage"))
    except RouteMissing:
        quota = _numbers(client.fetch(gateway, path("env", "quota")))
        percent = {key: value for key, value in quota.items() if key.endswith("_percent")}
        limits = {key: value for key, value in quota.items() if key not in percent}
        return Usage(None, None, {}, limits, percent, has_warning=False)
    percent_row = fields.mapping(row, "usage_percent")
    return Usage(
        org_id=fields.uuid(row, "org_id"),
        plan=fields.maybe_text(fields.mapping(row, "plan"), "name"),
        usage=_numbers(fields.mapping(row, "usage")),
        limits=_numbers(fields.mapping(row, "limits")),
        percent=_numbers(percent_row),
        has_warning=fields.truth(percent_row, "has_warning"),
    )


def _numbers(row: Row) -> Numbers:
    return {
        key: value
        for key, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
