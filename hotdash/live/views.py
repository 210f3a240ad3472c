"""The stream of a page: a view as any other, but for its body, which is sent on the loop."""

import re

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from hotdash.guard.needs import personal
from hotdash.guard.request import SignedIn
from hotdash.kit.error_pages import failure_page
from hotdash.kit.failures import Failure
from hotdash.live import hub
from hotdash.live.admission import admit
from hotdash.live.topics import BadTopic, Topic, parse_topic

MOST_TOPICS = 64
_CURSOR = re.compile(r"([0-9a-f]{12})\.([0-9]{1,18})")

TOO_MANY = Failure(
    "You have too many live pages open",
    f"hotdash keeps {hub.MOST_OF_A_PERSON} of them up to date for each person.",
    "Close some of them; this one goes on by itself then.",
    status=429,
    kind="here",
    retry_after=30,
)


@personal
@require_GET
def stream(request: SignedIn) -> HttpResponseBase:
    """Tell what happens in the topics of the query from the cursor on; each is checked."""
    running = hub.running()
    if running is None:
        return HttpResponse(status=204)  # the one answer that keeps a browser from asking again
    topics = _topics(request.GET.getlist("topic"))
    if not running.has_room(str(request.user.pk)):
        return failure_page(request, TOO_MANY)
    visit = admit(request.user, request.session.session_key or "", topics)
    told = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    response = StreamingHttpResponse(
        running.stream(visit, _place(told)), content_type="text/event-stream"
    )
    response["X-Accel-Buffering"] = "no"  # a proxy that collects frames would hold them back
    return response


def _topics(texts: list[str]) -> list[Topic]:
    if not 0 < len(texts) <= MOST_TOPICS:
        raise BadRequest(f"A page listens to one topic at least and {MOST_TOPICS} at most.")
    try:
        return list(dict.fromkeys(parse_topic(text) for text in texts))
    except BadTopic as error:
        raise BadRequest(str(error)) from error


def _place(text: str) -> tuple[str, int] | None:
    match = _CURSOR.fullmatch(text)
    return (match[1], int(match[2])) if match else None
