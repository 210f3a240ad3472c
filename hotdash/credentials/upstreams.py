"""An environment as the gateway needs to know it."""

from hotdash.gateway.upstream import Upstream
from hotdash.orgs.models import Environment

_EMBEDDED_PREFIX = "/v1"  # ours to know, so never asked


def upstream_of(environment: Environment) -> Upstream:
    """Return where an environment's API answers and which one it must be there."""
    return Upstream(
        environment_id=str(environment.pk),
        origin=environment.origin,
        prefix=_EMBEDDED_PREFIX if environment.is_embedded else environment.prefix,
        upstream_env_id=environment.upstream_env_id,
        is_embedded=environment.is_embedded,
    )
