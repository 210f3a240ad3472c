"""Minted keys that the embedded API no longer knows: its database was lost, or set back."""

from hotdash.credentials import operator
from hotdash.credentials.models import Credential
from hotdash.orgs.models import Environment


def forget_stale_keys() -> int:
    """Drop every minted key that its embedded environment no longer accepts; return how many.

    The next page of each person mints another. An environment that is gone upstream is made again,
    empty. Raises GatewayError where the embedded API does not answer.
    """
    organizations = Environment.objects.select_related("organization")
    return sum(
        _forget(environment)
        for environment in organizations.filter(
            is_embedded=True, organization__may_run_code=True, upstream_env_id__isnull=False
        )
    )


def _forget(environment: Environment) -> int:
    held = Credential.objects.filter(environment=environment, key_id__isnull=False)
    forgotten, _ = held.exclude(key_id__in=operator.live_keys(environment)).delete()
    return forgotten
