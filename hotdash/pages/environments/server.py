"""What an environment's server says about itself, with the person's key and without."""

from dataclasses import dataclass
from functools import partial

from hotdash.gateway.capabilities import Capabilities, get_capabilities
from hotdash.gateway.environments import Environment, get_environment
from hotdash.gateway.errors import GatewayError
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.guard.door import NoKey, open_keyless
from hotdash.guard.request import Request
from hotdash.kit.failures import Failure, explain, explained
from hotdash.kit.formats import visible
from hotdash.pages.environments.offers import Offer, offers_of


@dataclass(frozen=True)
class Server:
    """The server as the page shows it; facts that could not be had are empty."""

    failure: Failure | None = None  # of the server itself
    key_failure: Failure | None = None  # of the person's key to it
    words: str = ""  # which version or generation it is
    tells_version: bool = False
    prefix: str = ""
    upstream_name: str = ""
    offers: tuple[Offer, ...] = ()


def ask_server(request: Request) -> Server:
    """Ask the server what it offers and, where the person has a key, what it calls itself."""
    try:
        gateway: Gateway | None = request.gateway
    except NoKey:
        gateway = None
    except GatewayError as error:  # minting a key to an embedded API that is down
        return Server(failure=explain(error))
    keyless = open_keyless(request.membership, request.environment)
    offered, named = together(
        partial(attempt, partial(get_capabilities, keyless)),
        partial(attempt, partial(_name, gateway)),
    )
    if isinstance(offered, GatewayError):
        return Server(failure=explain(offered))
    return _described(offered, named)


def server_in_words(offered: Capabilities) -> str:
    """Say of which version a server is or, where it tells none, of which generation."""
    if offered.version:
        return f"version {visible(offered.version)}"
    return f"of the {offered.generation} generation"


def _name(gateway: Gateway | None) -> Environment | None:
    return get_environment(gateway) if gateway else None


def _described(offered: Capabilities, named: Environment | GatewayError | None) -> Server:
    return Server(
        key_failure=explained(named),
        words=server_in_words(offered),
        tells_version=bool(offered.version),
        prefix=offered.prefix,
        upstream_name=visible(named.name) if isinstance(named, Environment) else "",
        offers=offers_of(offered),
    )
