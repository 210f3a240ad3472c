"""A person's door to an environment's Hot API."""

from hotdash.credentials.keys import key_for
from hotdash.credentials.sealing import Unreadable
from hotdash.credentials.upstreams import upstream_of
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway
from hotdash.orgs.models import Environment, Membership


class NoKey(Exception):
    """The person has no key that opens this environment; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def open_gateway(membership: Membership, environment: Environment) -> Gateway:
    """Return the gateway with this very person's key; raise NoKey where there is none."""
    try:
        key = key_for(membership, environment)
    except Unreadable as error:
        raise NoKey(str(error)) from error
    if key is None:
        raise NoKey(f"You have no key to {environment.name} yet.")
    return Gateway(upstream_of(environment), key, str(membership.user_id))


def open_keyless(membership: Membership, environment: Environment) -> Gateway:
    """Return a gateway for what a server says to everybody; a call that needs a key fails."""
    return Gateway(upstream_of(environment), Secret(""), str(membership.user_id))
