"""The prefix of a server's routes: `/v1`, or `/api/v1` on some (contract 10.1)."""

from hotdash.gateway.upstream import Gateway


def of(gateway: Gateway) -> str:
    """Return the environment's prefix; where none is recorded it is found out once per origin."""
    return gateway.upstream.prefix or "/v1"
