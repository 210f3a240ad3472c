"""Publishing an event once, and what is known when that fails."""

from dataclasses import replace
from functools import partial

from django.urls import reverse

from hotdash.gateway.errors import BadAnswer, GatewayError, NoAnswer, Refused
from hotdash.gateway.events import Event, list_event_runs
from hotdash.gateway.pages import Page
from hotdash.gateway.together import attempt
from hotdash.guard.request import Request
from hotdash.kit.failures import Failure, explain

MAY_HAVE_ARRIVED = (
    "The event may have arrived all the same. Look at the newest events before you publish it "
    "again: hotdash has sent it once and does not send it a second time by itself."
)
NOT_PUBLISHED = "Nothing was published."
_DISPUTED = frozenset({400, 409, 413, 422})  # about what was typed, so the person can mend it


def may_have_arrived(error: GatewayError) -> bool:
    """Whether the server may have taken the event although its answer is missing or odd."""
    if isinstance(error, NoAnswer):
        return error.was_sent
    # even a 500 may come after the event was written (contract 5.5)
    return isinstance(error, BadAnswer) and error.reason != "redirect"


def explain_publishing(error: GatewayError) -> Failure:
    """Put a failed publishing into words: what became of the event comes first."""
    failure = explain(error)
    if may_have_arrived(error):
        return replace(failure, advice=MAY_HAVE_ARRIVED)
    if isinstance(error, Refused) and error.status in _DISPUTED:
        return replace(
            failure,
            title="The platform did not accept the event",
            sentence=f"The Hot API answered {error.status} to it.",
            advice=NOT_PUBLISHED,
            status=422,
        )
    return replace(failure, advice=f"{NOT_PUBLISHED} {failure.advice}".strip())


def place_after(request: Request, event: Event) -> str:
    """Return where to see what an event set off: its one run, else the event itself.

    One look, no waiting: where the platform starts runs later, the event's page shows them.
    """
    runs = attempt(partial(list_event_runs, request.gateway, event.event_id, 2))
    if isinstance(runs, Page) and len(runs) == 1:
        return reverse("runs:show", args=[*request.slugs, runs.rows[0].run_id])
    return reverse("events:show", args=[*request.slugs, event.event_id])
