"""The pages on which an event is published: the form, and the question whether to repeat one."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event, get_event
from hotdash.gateway.together import attempt
from hotdash.guard.needs import needs
from hotdash.guard.request import Request
from hotdash.kit.conditions import read_id
from hotdash.kit.failures import Failure, explain
from hotdash.kit.formats import clipped, plural, visible
from hotdash.kit.listeners import Listeners, read_listeners
from hotdash.kit.render import page
from hotdash.kit.values import shown
from hotdash.pages.events.forms import EDITABLE_BYTES, NewEvent, is_editable, prefilled
from hotdash.pages.events.reading import MOST_LINES
from hotdash.pages.events.rows import NAME_LENGTH, type_in_words
from hotdash.pages.events.sources import is_reserved

ANSWER = "sure"  # the field whose value names the environment that the person was asked about


@needs("events.publish")
def new(request: Request) -> HttpResponse:
    """Show the form of a new event, filled from an event where the address names one."""
    source = read_id(request.GET.get("event"))
    if source is None:
        return form_page(request, NewEvent(initial={"event_type": request.GET.get("type", "")}))
    event = get_event(request.gateway, source)
    return form_page(request, prefilled(event), event=event)


@needs("events.publish")
def again(request: Request, event_id: UUID) -> HttpResponse:
    """Ask whether the event shall be published again as it was."""
    return again_page(request, get_event(request.gateway, event_id))


def form_page(
    request: Request,
    form: NewEvent,
    status: int = 200,
    *,
    asks: bool = False,
    event: Event | None = None,
    failure: Failure | None = None,
) -> HttpResponse:
    """Answer with the form and whatever there is to say about it; what was typed is kept."""
    # a server that has just failed is not asked for what the form can do without
    listeners = None if failure else attempt(partial(read_listeners, request.gateway))
    form.fields["event_type"].help_text = _help(listeners)
    context = {
        "form": form,
        "asks": asks,
        "event": event,
        "is_too_large": event is not None and not is_editable(event),
        "failure": failure,
        **_offers(listeners, form),
        **_place(request),
    }
    return _answer(request, "events/new.html", context, status, failure)


def again_page(
    request: Request, event: Event, status: int = 200, failure: Failure | None = None
) -> HttpResponse:
    """Answer with the question whether to publish the event again, and with what that would be."""
    context = {
        "event": event,
        "type": type_in_words(event),
        "value": shown(event.event_data, MOST_LINES),
        "is_reserved": is_reserved(event.event_type),
        "is_too_large": not is_editable(event),
        "limit": EDITABLE_BYTES,
        "failure": failure,
        **_place(request),
    }
    return _answer(request, "events/again.html", context, status, failure)


def is_answered(request: Request) -> bool:
    """Whether the person was asked where that is the rule: in production."""
    environment = request.environment
    return not environment.is_production or request.POST.get(ANSWER) == environment.slug


def _offers(listeners: Listeners | GatewayError | None, form: NewEvent) -> dict[str, object]:
    """Return the types that functions listen for, and how many listen for the typed one."""
    if not isinstance(listeners, Listeners):
        return {"types": []}
    typed = form.cleaned_data.get("event_type", "") if form.is_bound else ""
    return {
        "types": listeners.types,
        "typed": visible(clipped(typed, NAME_LENGTH)),
        "listening": len(listeners.of(typed)) if listeners.is_whole else None,
    }


def _help(listeners: Listeners | GatewayError | None) -> str:
    """Return what stands under the type: which are offered, or why none are."""
    if listeners is None:
        return ""
    trouble = listeners if isinstance(listeners, GatewayError) else listeners.trouble
    if trouble:
        return f"Types that functions listen for cannot be offered. {explain(trouble).sentence}"
    assert isinstance(listeners, Listeners)  # noqa: S101  for mypy: an error was trouble
    count = len(listeners.types)
    if not count:
        return "No deployed function listens for any type so far."
    words = f"{plural(count, 'type')} that deployed functions listen for"
    return f"{words} {'is' if count == 1 else 'are'} offered while you type."


def _place(request: Request) -> dict[str, object]:
    return {"newest": reverse("events:index", args=request.slugs), "answer": ANSWER}


def _answer(
    request: Request,
    template: str,
    context: dict[str, object],
    status: int,
    failure: Failure | None,
) -> HttpResponse:
    response = page(request, template, context, status=status)
    if failure and failure.retry_after:
        response.headers["Retry-After"] = str(failure.retry_after)
    return response
