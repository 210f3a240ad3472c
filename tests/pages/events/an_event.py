"""The page of an event, as its tests ask for it."""

from tests.reading import one, text_of
from tests.samples import run

ROOM = "/acme/development/events/"


def tell(upstream, made, runs=(), newest=()):
    """Let the fake tell an event, its runs, and the newest runs around them."""
    upstream.one(f"/events/{made['event_id']}", made)
    upstream.many(f"/events/{made['event_id']}/runs", list(runs))
    upstream.many("/runs", [*runs, *newest])
    return f"{ROOM}{made['event_id']}/"


def run_of(made, status="succeeded", **changes):
    return run(status, event_id=made["event_id"], **changes)


def verdict(response):
    return text_of(one(response, ".verdict strong"))
