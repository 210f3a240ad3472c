"""Where a request is: the organization and environment of its URL, seen by this person."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from hotdash.accounts.models import User
from hotdash.orgs.models import Environment, Membership

# One sentence for what is not there and what is another's: the difference would tell
_NOT_HERE = "There is no such organization, or you are not a member of it."


@dataclass(frozen=True)
class Scope:
    """A person's place, with what the switcher offers beside it."""

    membership: Membership
    memberships: tuple[Membership, ...]
    environments: tuple[Environment, ...]
    environment: Environment | None


def find_scope(person: User, org_slug: str, env_slug: str | None) -> Scope:
    """Return the place of these slugs in two queries; raise Http404 outside the person's own."""
    memberships = memberships_of(person)
    membership = next((m for m in memberships if m.organization.slug == org_slug), None)
    if membership is None:
        raise Http404(_NOT_HERE)
    environments = tuple(membership.organization.environments.all())
    return Scope(membership, memberships, environments, _chosen(environments, env_slug))


def find_place(person: User, environment_id: UUID) -> tuple[Membership, Environment]:
    """Return an environment named by its id, for what has no scope in its URL; raise Http404."""
    environment = (
        Environment.objects.select_related("organization")
        .filter(pk=environment_id, organization__memberships__user=person)
        .first()
    )
    if environment is None:
        raise Http404(_NOT_HERE)
    membership = person.memberships.select_related("organization").get(
        organization_id=environment.organization_id
    )
    return membership, environment


def memberships_of(person: User) -> tuple[Membership, ...]:
    """Return a person's memberships with their organizations, by name."""
    memberships = person.memberships.select_related("organization")
    return tuple(sorted(memberships, key=lambda m: (m.organization.name.lower(), m.pk)))


def _chosen(environments: tuple[Environment, ...], slug: str | None) -> Environment | None:
    if slug is None:
        return None
    for environment in environments:
        if environment.slug == slug:
            return environment
    raise Http404("This organization has no such environment.")
