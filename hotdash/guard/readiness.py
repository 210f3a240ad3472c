"""Whether hotdash has what it needs to do its work."""

from collections.abc import Callable
from dataclasses import replace

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from hotdash.credentials.upstreams import upstream_of
from hotdash.gateway import deadline
from hotdash.gateway.environments import get_environment
from hotdash.gateway.errors import BadAnswer, GatewayError, Refused
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway
from hotdash.orgs.models import Environment

_SECONDS = 3.0
# of the right shape and nobody's: the embedded API refuses it only after a look into its database
NOBODYS_KEY = Secret(f"hot_{'0' * 32}_{'0' * 64}")


def what_is_missing() -> str:
    """Return the first thing that is missing as a sentence, without a secret; "" when all is there.

    Who asks may be anybody, so no address, name or message of an error is in it.
    """
    return database_trouble() or _said(_silent_cache) or _said(_silent_embedded_api)


def database_trouble() -> str:
    """Return why the dashboard's database cannot be worked with, as a sentence; "" where it can."""
    return _said(_unapplied_migrations)


def _said(look: Callable[[], str]) -> str:
    """Return what a look found; each of them may be the one that finds no database any more."""
    try:
        return look()
    except DatabaseError:
        return "The dashboard's database does not answer."


def _unapplied_migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return ""
    return f"Migrations that the dashboard's database lacks: {len(plan)}. A start applies them."


def _silent_cache() -> str:
    try:
        cache.get("readiness")
    except RedisError:
        return "The cache does not answer."
    return ""


def _silent_embedded_api() -> str:
    environment = Environment.objects.filter(is_embedded=True).first()
    if environment is None:
        return ""
    # a name of its own: pages that wait for slow answers take none of its places, nor it theirs
    upstream = replace(upstream_of(environment), environment_id="readiness")
    try:
        with deadline.within(_SECONDS):
            get_environment(Gateway(upstream, NOBODYS_KEY, person_id="readiness"))
    except Refused:
        return ""
    except BadAnswer:
        return "The embedded Hot API answers, but cannot do its work."
    except GatewayError:
        return "The embedded Hot API does not answer."
    return ""
