"""Tries a key before it is stored."""

from hotdash.gateway.environments import Environment, get_environment
from hotdash.gateway.errors import BadAnswer, Refused, RouteMissing, WrongEnvironment
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway, Upstream


def try_key(upstream: Upstream, key: Secret) -> Environment:
    """Return the environment that a key opens.

    Raises WrongEnvironment, naming both, if the upstream is recorded with another one; Refused if
    the key is; BadAnswer("not_hot") for any answer of a stranger, whose words are not repeated.
    """
    try:
        found = get_environment(Gateway(upstream, key, person_id=""))
    except RouteMissing:
        raise BadAnswer("not_hot", 404) from None
    except Refused as refused:
        if refused.code or refused.status in {401, 403, 429}:
            raise
        raise BadAnswer("not_hot", refused.status) from None
    expected = upstream.upstream_env_id
    if expected is not None and found.env_id != expected:
        raise WrongEnvironment(str(expected), f"{found.name} ({found.env_id})")
    return found
