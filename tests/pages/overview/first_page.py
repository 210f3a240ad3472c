"""The overview, as its tests ask for it."""

from tests.reading import one, select, text_of
from tests.samples import ago, run, stats

PAGE = "/acme/development/"
PARTS = ["failing", "running", "counts"]


def tell(upstream, *runs, **counts):
    """Let the fake have these runs, newest first, and these counts."""
    upstream.many("/runs", list(runs))
    upstream.one("/runs/stats", stats(**counts))


def failed(minutes=5, **changes):
    return run("failed", start_time=ago(minutes=minutes), stop_time=ago(minutes=minutes), **changes)


def verdict(response):
    return text_of(one(response, "#verdict"))


def names(response, css):
    return [text_of(node) for node in select(response, f"{css} .name")]


def figures(response):
    return {
        text_of(figure.css("dt")[0]): text_of(figure.css(".figure")[0])
        for figure in select(response, ".figures > div")
    }
