"""The audit log of an organization."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from hotdash.audit.reading import count_acts, list_acts
from hotdash.guard.needs import needs
from hotdash.guard.request import Request
from hotdash.kit.paging import Pager
from hotdash.kit.render import page
from hotdash.pages.audit_log.chips import chips, choices_in
from hotdash.pages.audit_log.filters import AuditFilters
from hotdash.pages.audit_log.rows import row_of

PAGE_SIZE = 50
PARTS = frozenset({"listing"})


@needs("audit.view")
def index(request: Request) -> HttpResponse:
    """List what people did in the organization, the newest first."""
    choices = choices_in(request.org)
    filters = AuditFilters.read(request.GET, choices)
    search = filters.search(request.org, datetime.now(UTC))
    rows = [row_of(act) for act in list_acts(search, PAGE_SIZE, filters.offset)]
    pager = Pager(filters.offset, PAGE_SIZE, len(rows), count_acts(search))
    context = {
        "filters": filters,
        "chips": list(chips(filters, choices)),
        "rows": rows,
        "here": reverse("audit_log:index", args=[request.org.slug]),
        **_pages(filters, pager),
    }
    return page(request, "audit_log/index.html", context, parts=PARTS)


def _pages(filters: AuditFilters, pager: Pager) -> dict[str, Any]:
    return {
        "pager": pager,
        "newer": filters.page_address(pager.newer_from) if pager.has_newer else None,
        "older": filters.page_address(pager.older_from) if pager.has_older else None,
    }
