"""Making organizations and environments."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from hotdash.accounts.models import User
from hotdash.orgs.models import Environment, Kind, Membership, Organization
from hotdash.orgs.roles import Role
from hotdash.orgs.slugs import BadSlug, check_environment_slug, check_organization_slug


class CodeNotAllowed(Exception):
    """An embedded environment runs code on this host, which the operator has not allowed."""


def create_organization(
    slug: str, name: str, owner: User, *, may_run_code: bool = False
) -> Organization:
    """Make an organization with its first owner; raise BadSlug where the slug cannot be had."""
    check_organization_slug(slug)
    with _taken(slug), transaction.atomic():
        organization = Organization.objects.create(slug=slug, name=name, may_run_code=may_run_code)
        Membership.objects.create(user=owner, organization=organization, role=Role.OWNER)
    return organization


def create_environment(
    organization: Organization,
    slug: str,
    name: str,
    kind: Kind,
    *,
    base_url: str = "",
    is_embedded: bool = False,
) -> Environment:
    """Make an environment; raise BadSlug, or CodeNotAllowed for an embedded one.

    `base_url` is an origin that the gateway has parsed; an embedded environment has none.
    """
    check_environment_slug(slug)
    if is_embedded and not organization.may_run_code:
        raise CodeNotAllowed(f"{organization.name} may not run code on this host.")
    with _taken(slug), transaction.atomic():
        return Environment.objects.create(
            organization=organization,
            slug=slug,
            name=name,
            kind=kind,
            base_url=base_url,
            is_embedded=is_embedded,
        )


@contextmanager
def _taken(slug: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise BadSlug(f"“{slug}” is taken. Choose another.") from None
