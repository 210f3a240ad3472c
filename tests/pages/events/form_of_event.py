"""The form of an event, as its tests fill it in."""

from tests.reading import one, text_of
from tests.samples import event, run

FORM = "/acme/development/events/new/"
PRODUCTION = "/acme/production/events/new/"
TYPED = {"event_type": "order:placed", "event_data": '{"order_id": 7}', "stream_id": ""}


def accept(upstream, runs=1, **changes):
    """Let the fake accept events; return the one that it will answer with."""
    made = event(**changes)
    upstream.one("/events", made, status=201, method="POST")
    started = [run("pending", event_id=made["event_id"]) for _ in range(runs)]
    upstream.many(f"/events/{made['event_id']}/runs", started)
    return made, started


def published(upstream):
    return [call.json for call in upstream.seen("/events", "POST")]


def typed_in(response):
    """What stands in the form."""
    return {
        "event_type": one(response, "#id_event_type").attributes.get("value") or "",
        "event_data": one(response, "#id_event_data").text().lstrip("\r\n"),
        "stream_id": one(response, "#id_stream_id").attributes.get("value") or "",
    }


def mistake(response, field):
    return text_of(one(response, f"#id_{field}_error"))
