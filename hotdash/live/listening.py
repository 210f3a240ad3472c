"""What a page's template needs to have the page listen."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.http import urlencode

from hotdash.live import hub
from hotdash.orgs.models import Environment


@dataclass(frozen=True)
class Listening:
    """A page's stream, and when the page was made: `live` in its context, shown by the top bar."""

    url: str
    made_at: datetime


def listen(after: str, *topics: str) -> Listening:
    """Return what makes the page hear these topics from a cursor on."""
    query = urlencode({"topic": topics, "after": after}, doseq=True)
    return Listening(f"{reverse('live:stream')}?{query}", datetime.now(UTC))


def cursor(environment: Environment) -> str:
    """Return the hub's place, to be read before a page's first upstream call, from any thread.

    A stream that starts there hears all that happened since. Empty where no hub runs or nobody
    watches the environment: the stream then begins with `refetch`.
    """
    running = hub.running()
    if running is None or not running.watches(environment.pk):
        return ""
    return running.cursor
