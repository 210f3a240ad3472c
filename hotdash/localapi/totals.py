"""How many there are of what: read from the counters that the engine keeps, never counted."""

from uuid import UUID

from django.db.models import Sum

from hotdash.localapi.models import Counter


def totals(environment_id: UUID, noun: str) -> dict[str, int]:
    """Return how many there are of a noun in an environment, by facet."""
    rows = Counter.objects.filter(environment_id=environment_id, noun=noun)
    return dict(rows.values_list("facet").annotate(total=Sum("amount")).order_by())


def run_totals(environment_id: UUID, run_type: str | None = None) -> dict[str, int]:
    """Return how many runs there are by status, of one type where it is named; no tasks' runs."""
    found: dict[str, int] = {}
    for facet, amount in totals(environment_id, "run").items():
        status, _, kind = facet.partition(" ")
        if run_type in (None, kind):
            found[status] = found.get(status, 0) + amount
    return found


def organization_totals(org_id: UUID) -> dict[tuple[str, str], int]:
    """Return how many there are in all environments of an organization, by noun and facet."""
    rows = Counter.objects.filter(environment__org_id=org_id).values_list("noun", "facet")
    sums = rows.annotate(total=Sum("amount")).order_by()
    return {(noun, facet): int(total) for noun, facet, total in sums}
