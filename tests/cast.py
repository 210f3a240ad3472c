"""The people of the tests, in two organizations, each with a key that can be told apart."""

from dataclasses import dataclass

from django.test import Client
from pytest_django.fixtures import Settings

from hotdash.accounts.models import User
from hotdash.credentials.models import Credential
from hotdash.credentials.sealing import seal_key
from hotdash.gateway.secret import Secret
from hotdash.orgs.creation import create_environment, create_organization
from hotdash.orgs.models import Environment, Kind, Membership, Organization
from hotdash.orgs.roles import UPSTREAM_VERSION, Role
from tests.upstream import ORIGIN

PASSWORD = "a lamp in the window"
PREFIX = "/v1"


@dataclass(frozen=True)
class Cast:
    """Olive owns acme, Adam administers it, Mia is a member, Vera views; Stan owns umbra.

    acme has development, staging and production at the fake upstream, and everyone a key to each;
    umbra has production, at the same address.
    """

    olive: User
    adam: User
    mia: User
    vera: User
    stan: User
    acme: Organization
    umbra: Organization

    def browser(self, person: User | None = None) -> Client:
        """Return a browser in which the person is signed in, or nobody."""
        client = Client()
        if person is not None:
            client.force_login(person)
        return client

    def environment(self, slug: str = "development", organization: str = "acme") -> Environment:
        """Return an environment by its slug."""
        return Environment.objects.select_related("organization").get(
            slug=slug, organization__slug=organization
        )

    def membership(self, person: User) -> Membership:
        """Return a person's one membership."""
        return Membership.objects.select_related("organization", "user").get(user=person)

    def embed(self, settings: Settings) -> None:
        """Let every environment of acme be the embedded API's, and everybody's key a minted one."""
        settings.EMBEDDED_ORIGIN = ORIGIN
        Environment.objects.filter(organization=self.acme).update(is_embedded=True)
        for membership in Membership.objects.filter(organization=self.acme):
            own = Credential.objects.filter(user=membership.user)
            own.update(role=membership.role, role_version=UPSTREAM_VERSION)


def assemble() -> Cast:
    """Make everybody; nobody has a password."""
    names = ("Olive Owner", "Adam Admin", "Mia Member", "Vera Viewer", "Stan Stranger")
    people = [
        User.objects.create_user(f"{name.split()[0].lower()}@example.test", name=name)
        for name in names
    ]
    olive, adam, mia, vera, stan = people
    acme = create_organization("acme", "Acme", olive)
    umbra = create_organization("umbra", "Umbra", stan)
    for person, role in ((adam, Role.ADMIN), (mia, Role.MEMBER), (vera, Role.VIEWER)):
        Membership.objects.create(user=person, organization=acme, role=role)
    for organization, slugs in (
        (acme, ("development", "staging", "production")),
        (umbra, ("production",)),
    ):
        for slug in slugs:
            environment = create_environment(
                organization, slug, slug.capitalize(), Kind(slug), base_url=ORIGIN
            )
            environment.prefix = PREFIX  # known, so no page of a test asks for it first
            environment.save(update_fields=["prefix"])
            for person in people:
                if person.memberships.filter(organization=organization).exists():
                    give_key(person, environment)
    return Cast(olive, adam, mia, vera, stan, acme, umbra)


def key_of(person: User) -> str:
    """Return the text of a person's key: its end is their name."""
    name = person.email.partition("@")[0]
    return f"hot_{'0' * 32}_{'a' * (64 - len(name))}{name}"


def give_key(person: User, environment: Environment) -> Credential:
    """Store the person's key to the environment, as if it had been tried."""
    key = Secret(key_of(person))
    return Credential.objects.create(
        user=person,
        environment=environment,
        sealed=seal_key(key, person.pk, environment, None),
        last4=key.reveal()[-4:],
    )
