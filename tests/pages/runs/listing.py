"""The list of runs, as its tests ask for it."""

from tests import samples
from tests.reading import select, text_of

LIST = "/acme/development/runs/"
PART = {"HX-Request": "true", "HX-Target": "listing"}


def answer(upstream, runs, total=None, **counts):
    """Let the fake tell these runs and counts."""
    upstream.many("/runs", runs, total)
    upstream.one("/runs/stats", samples.stats(**counts))


def row_texts(response, css):
    return [text_of(node) for node in select(response, f"#rows {css}")]


def platform_run(event, **changes):
    return samples.platform(samples.run(event_id=event["event_id"], **changes))
