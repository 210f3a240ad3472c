"""Which source a topic has."""

from hotdash.live.of_environment import OfEnvironment
from hotdash.live.of_run import OfRun
from hotdash.live.of_stream import OfStream
from hotdash.live.renderers import Place
from hotdash.live.source import Source
from hotdash.live.topics import Topic


def source_of(topic: Topic, place: Place) -> Source:
    """Return a source that has told nothing yet."""
    if topic.subject is None:
        return OfEnvironment()
    return OfRun(place, topic.subject) if topic.kind == "run" else OfStream(place, topic.subject)
