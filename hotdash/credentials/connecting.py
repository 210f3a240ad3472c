"""Adding the environment of any Hot API, and taking one to another address."""

from dataclasses import dataclass

from django.db import transaction

from hotdash.accounts.models import User
from hotdash.credentials.keys import keep_key
from hotdash.credentials.models import Credential
from hotdash.credentials.trials import count_trial
from hotdash.gateway.capabilities import Capabilities, get_capabilities
from hotdash.gateway.keys import try_key
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway, Upstream
from hotdash.orgs.creation import create_environment
from hotdash.orgs.models import Environment, Kind, Organization
from hotdash.orgs.slugs import check_environment_slug


@dataclass(frozen=True)
class Plan:
    """An environment as it was asked for; `origin` and `prefix` as the gateway parsed them."""

    slug: str
    name: str
    kind: Kind
    origin: str
    prefix: str


@dataclass(frozen=True)
class Connected:
    """An environment that was made, and what its server calls itself."""

    environment: Environment
    upstream_name: str
    offered: Capabilities


class KeysChanged(Exception):
    """Another number of keys would be destroyed than was confirmed; `count` is the right one."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


class SameAddress(Exception):
    """The environment is at this address already; its text is for the person to read."""

    def __init__(self) -> None:
        super().__init__("This is its address already. Nothing was changed.")


def connect(person: User, organization: Organization, plan: Plan, key: Secret) -> Connected:
    """Make an environment with the person's own key, once the key was accepted there.

    Raises BadSlug before anything is asked, TooManyTrials, and GatewayError; all keep nothing.
    """
    check_environment_slug(plan.slug)
    count_trial(person)
    # its calls in flight are the person's until there is an environment to count them for
    upstream = Upstream(f"trial {person.pk}", plan.origin, plan.prefix)
    found = try_key(upstream, key)
    offered = get_capabilities(Gateway(upstream, key, str(person.pk)))
    with transaction.atomic():
        environment = create_environment(
            organization, plan.slug, plan.name, plan.kind, base_url=plan.origin
        )
        environment.prefix, environment.upstream_env_id = plan.prefix, found.env_id
        environment.save(update_fields=["prefix", "upstream_env_id"])
        keep_key(person, environment, key)
    return Connected(environment, found.name, offered)


def look_at(person: User, origin: str, prefix: str) -> Capabilities:
    """Return what answers at an address, asked without any key; raise GatewayError.

    It counts as a trial: raises TooManyTrials.
    """
    count_trial(person)
    return get_capabilities(
        Gateway(Upstream(f"trial {person.pk}", origin, prefix), Secret(""), str(person.pk))
    )


@transaction.atomic
def move(environment: Environment, origin: str, prefix: str, confirmed: int) -> int:
    """Take an environment to another address and destroy every key to it; return their number.

    Raises SameAddress, and KeysChanged unless exactly `confirmed` keys are destroyed.
    """
    place = Environment.objects.select_for_update().get(pk=environment.pk)
    if place.origin == origin:
        raise SameAddress
    keys = Credential.objects.filter(environment=place)
    if keys.count() != confirmed:
        raise KeysChanged(keys.count())
    keys.delete()
    place.base_url, place.prefix, place.upstream_env_id = origin, prefix, None
    place.save(update_fields=["base_url", "prefix", "upstream_env_id"])
    return confirmed
