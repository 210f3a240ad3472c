"""Publishing an event, and publishing one again."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse

from hotdash.gateway.errors import GatewayError, Refused
from hotdash.gateway.events import Event, get_event, publish_event
from hotdash.gateway.together import attempt
from hotdash.guard.needs import action
from hotdash.guard.request import Request
from hotdash.kit.render import done
from hotdash.pages.events.forms import NewEvent, is_editable
from hotdash.pages.events.new import again_page, form_page, is_answered
from hotdash.pages.events.publishing import explain_publishing, place_after
from hotdash.pages.events.rows import type_in_words
from hotdash.pages.events.sources import is_reserved


@action("events.publish")
def publish(request: Request) -> HttpResponse:
    """Publish what was typed, and go to what it set off; production asks first."""
    form = NewEvent(request.POST)
    if not form.is_valid():
        return form_page(request, form, 422)
    typed = form.cleaned_data
    request.tell(event_type=typed["event_type"])
    if not is_answered(request):
        return form_page(request, form, 422, asks=True)
    answer = attempt(partial(publish_event, request.gateway, **typed))
    if isinstance(answer, Refused) and answer.status == 404 and answer.code and typed["stream_id"]:
        form.add_error("stream_id", "This environment has no such stream.")
        return form_page(request, form, 422)
    if isinstance(answer, GatewayError):
        failure = explain_publishing(answer)
        return form_page(request, form, failure.status, failure=failure)
    return _published(request, answer)


@action("events.publish")
def publish_again(request: Request, event_id: UUID) -> HttpResponse:
    """Publish a new event with the type and data of this one; production asks first."""
    event = get_event(request.gateway, event_id)
    data = event.event_data
    if data is None or is_reserved(event.event_type) or not is_editable(event):
        return again_page(request, event, 422)
    request.tell(event_type=event.event_type)
    if not is_answered(request):
        return again_page(request, event, 422)
    answer = attempt(partial(publish_event, request.gateway, event.event_type, data.value))
    if isinstance(answer, GatewayError):
        failure = explain_publishing(answer)
        return again_page(request, event, failure.status, failure)
    return _published(request, answer)


def _published(request: Request, event: Event) -> HttpResponse:
    request.tell(event_id=event.event_id)
    return done(request, f"{type_in_words(event)} was published.", to=place_after(request, event))
