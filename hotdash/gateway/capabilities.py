"""What a server offers: its generation, its prefix and the extensions it has."""

from dataclasses import dataclass

from hotdash.gateway import answers, client, deadline, exchange, known, prefixes, reading
from hotdash.gateway.errors import BadAnswer, Refused, RouteMissing
from hotdash.gateway.exchange import Call
from hotdash.gateway.status import get_status
from hotdash.gateway.upstream import Gateway

EXTENSIONS = (
    "trace",  # /runs/{id}/vars holds calls
    "functions",  # runs carry ns, var, event_type, attempt, retry_max
    "stats_filters",  # /runs/stats takes type and time_range
    "stream_filter",  # /runs and /events take stream_id
    "senders",  # events carry source and origin_run_id
    "stream_data",  # /runs/{id}/stream-data
)


@dataclass(frozen=True)
class Capabilities:
    """What to ask of a server and what to hide; `version` None where it tells none."""

    prefix: str
    version: str | None
    extensions: frozenset[str]
    is_older: bool = False  # a server of the first documents (contract 10)

    @property
    def generation(self) -> str:
        """`older` or `current`."""
        return "older" if self.is_older else "current"

    @property
    def has_trace(self) -> bool:
        """Whether a run's calls can be read."""
        return "trace" in self.extensions

    @property
    def has_vars(self) -> bool:
        """Whether `/runs/{id}/vars` exists: with calls, or with the older one's variables."""
        return self.has_trace or self.generation == "older"

    @property
    def has_functions(self) -> bool:
        """Whether a run names its function, event type and retry limit."""
        return "functions" in self.extensions

    @property
    def has_stats_filters(self) -> bool:
        """Whether counts by status can be had for a type and a time range in one call."""
        return "stats_filters" in self.extensions

    @property
    def has_stream_filter(self) -> bool:
        """Whether events and runs of one stream can be asked for."""
        return "stream_filter" in self.extensions

    @property
    def has_senders(self) -> bool:
        """Whether an event names the run that sent it."""
        return "senders" in self.extensions

    @property
    def has_stream_data(self) -> bool:
        """Whether what a run streamed can be read afterwards."""
        return "stream_data" in self.extensions


def get_capabilities(gateway: Gateway) -> Capabilities:
    """Return what the server offers; where it has to be asked, raises as any call does."""
    origin = gateway.upstream.origin
    if not known.of(origin).has_status:
        _ask(gateway)
    prefix = prefixes.prefix_of(gateway)
    held = known.of(origin)
    return Capabilities(prefix, held.version, held.extensions, held.is_older)


def _ask(gateway: Gateway) -> None:
    try:
        get_status(gateway)
    except (RouteMissing, BadAnswer) as error:
        # a proxy that passes only the API has no status, or a page of its own in its place
        if isinstance(error, BadAnswer) and error.reason != "not_hot":
            raise
        known.keep_status(
            gateway.upstream.origin, None, frozenset(), is_older=_answers_as_older(gateway)
        )


def _answers_as_older(gateway: Gateway) -> bool:
    """Return whether who shows no key is told so in an envelope: today's servers say nothing.

    Raises BadAnswer("not_hot") where neither is the case.
    """
    call = Call("GET", "/env", is_keyed=False)
    with (
        deadline.within(client.TOTAL_SECONDS),
        exchange.answered(gateway, call, prefixes.prefix_of(gateway)) as response,
        reading.whole_body(response) as body,
    ):
        try:
            answers.judge(response, body)
        except Refused as refusal:
            if not isinstance(refusal, RouteMissing) and refusal.status in {401, 403, 429}:
                return bool(refusal.code)
            raise BadAnswer("not_hot", refusal.status) from None
    return False
