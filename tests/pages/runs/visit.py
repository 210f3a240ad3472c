"""Opening the page of a run as Mia, a member of acme, in development."""

from collections.abc import Mapping
from typing import Any

from tests.cast import Cast
from tests.samples import Wire

ROOM = "/acme/development/runs/"


def address(run: Wire, tab: str = "") -> str:
    """The address of a run's page, or of one of its tabs."""
    return f"{ROOM}{run['run_id']}/{tab}"


def visit(
    cast: Cast, run: Wire, tab: str = "", part: str = "", query: Mapping[str, Any] | None = None
) -> Any:
    """Get a run's page, a tab, or, as htmx does, the part of it with that id."""
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    return cast.browser(cast.mia).get(address(run, tab), query, headers=headers)
