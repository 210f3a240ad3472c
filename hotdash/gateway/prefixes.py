"""The prefix of a server's routes: `/v1`, or `/api/v1` on some (contract 10.1)."""

from hotdash.gateway import exchange, known
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.exchange import Call
from hotdash.gateway.upstream import Gateway, Upstream

CANDIDATES = ("/v1", "/api/v1")


def prefix_of(gateway: Gateway) -> str:
    """Return the recorded prefix, or find it out; raises BadAnswer("not_hot") where neither is."""
    found = recorded(gateway.upstream)
    if found is None:
        found = _probe(gateway)
        known.keep_prefix(gateway.upstream.origin, found)
    return found


def recorded(upstream: Upstream) -> str | None:
    """Return the prefix as far as nobody has to be asked for it."""
    return upstream.prefix or known.of(upstream.origin).prefix


def _probe(gateway: Gateway) -> str:
    """Ask without the key, which is not shown to a server before it looks like a Hot API."""
    for prefix in CANDIDATES:
        with exchange.answered(gateway, Call("GET", "/env", is_keyed=False), prefix) as response:
            # the route exists where it wants a key; 401 is empty, or enveloped on the older one
            if response.status_code in {200, 401, 403, 429}:
                return prefix
    raise BadAnswer("not_hot")
