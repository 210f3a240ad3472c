"""What a server offers and lacks, in words: each lack says what one sees instead."""

from dataclasses import dataclass

from hotdash.gateway.capabilities import Capabilities


@dataclass(frozen=True)
class Offer:
    """One thing that servers differ in."""

    name: str
    is_there: bool
    sentence: str


# name, what it means where it is there, and what one sees where it is not
_WORDS = {
    "has_trace": (
        "Trace",
        "A run shows each call of your own functions.",
        "This server keeps no calls: a run shows its input and its result, and no trace.",
    ),
    "has_functions": (
        "Function names",
        "Runs name their function and how often they may be tried.",
        "Runs carry no name: hotdash names a function only where one handler alone can have run.",
    ),
    "has_senders": (
        "Senders",
        "An event names the run that sent it.",
        "Events name no sender: what a run set off is searched among the newest events.",
    ),
    "has_stream_filter": (
        "Events of one stream",
        "Events and runs of one stream are found at once.",
        "The server does not filter by stream: hotdash reads the newest rows and says so.",
    ),
    "has_stats_filters": (
        "Counts under a filter",
        "Counts by status come in one call.",
        "Counts under a filter take one call for each status.",
    ),
    "has_stream_data": (
        "Kept output",
        "What a run streamed can be read afterwards.",
        "The server keeps no output: what a run streams is seen while it runs, and not later.",
    ),
}
_PUSH = (
    "Push",
    "The server says at once what happens.",
    "The server hardly pushes: hotdash asks it again every few seconds while somebody watches.",
)


def offers_of(capabilities: Capabilities) -> tuple[Offer, ...]:
    """Return what a server has and lacks, the push of news first."""
    rows = [(_PUSH, capabilities.generation == "current")]
    rows += [(words, getattr(capabilities, name)) for name, words in _WORDS.items()]
    return tuple(
        Offer(name, is_there, with_it if is_there else without)
        for (name, with_it, without), is_there in rows
    )
