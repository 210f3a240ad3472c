"""People and rights in the database of a dashboard that runs elsewhere, changed on command.

`python -m tests.live.household UPSTREAM` prints one line of JSON for each line that it reads.
"""

import json
import os
import sys
import threading
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotdash.settings")
django.setup()

from django.conf import settings  # noqa: E402  Django must be set up before
from django.db import connection, transaction  # noqa: E402  as above
from django.test import Client  # noqa: E402

from hotdash.accounts.models import User  # noqa: E402
from hotdash.credentials.leaving import leave  # noqa: E402
from hotdash.credentials.models import Credential  # noqa: E402
from hotdash.credentials.sealing import seal_key  # noqa: E402
from hotdash.gateway.secret import Secret  # noqa: E402
from hotdash.orgs.creation import create_environment, create_organization  # noqa: E402
from hotdash.orgs.members import change_role  # noqa: E402
from hotdash.orgs.models import Environment, Kind, Membership  # noqa: E402
from hotdash.orgs.roles import Role  # noqa: E402

settings.ALLOWED_HOSTS += ["testserver"]
_may_commit = threading.Event()
_open: list[threading.Thread] = []


def person(name: str) -> dict[str, Any]:
    """Make a member with a key, signed in."""
    user = User.objects.create_user(f"{name}@example.test", name=name)
    environment = Environment.objects.get(slug="development")
    Membership.objects.create(user=user, organization=environment.organization, role=Role.MEMBER)
    key(name, f"hot_{name:0>40}")
    return {"session": session_of(user)}


def role(name: str, new: str) -> None:
    """Give another role."""
    change_role(Membership.objects.get(user__name=name), Role(new))


def begin(name: str, new: str) -> None:
    """Give another role in a transaction that stays open until `commit`."""
    is_written = threading.Event()

    def change() -> None:
        with transaction.atomic():
            role(name, new)
            is_written.set()
            _may_commit.wait()
        connection.close()

    _open.append(threading.Thread(target=change, daemon=True))
    _open[-1].start()
    is_written.wait()


def commit() -> None:
    """Let what was begun be so."""
    _may_commit.set()
    _open.pop().join()
    _may_commit.clear()


def removal(name: str) -> None:
    """End a membership."""
    leave(Membership.objects.get(user__name=name))


def key(name: str, text: str) -> None:
    """Store another key."""
    user, environment = User.objects.get(name=name), Environment.objects.get(slug="development")
    sealed = seal_key(Secret(text), user.pk, environment, None)
    Credential.objects.update_or_create(
        user=user, environment=environment, defaults={"sealed": sealed, "last4": text[-4:]}
    )


def keyless(name: str) -> None:
    """Take the key away."""
    Credential.objects.filter(user__name=name).delete()


def deactivation(name: str) -> None:
    """Close the account."""
    user = User.objects.get(name=name)
    user.is_active = False
    user.save(update_fields=["is_active"])


def password(name: str) -> None:
    """Set another password, which ends every session of before."""
    user = User.objects.get(name=name)
    user.set_password("a lamp in the window")
    user.save(update_fields=["password"])


def signout(name: str, session: str) -> None:
    """Sign out of one session, by the form."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    assert client.post("/accounts/logout/").status_code == 302
    assert User.objects.filter(name=name).exists()


def address(url: str) -> None:
    """Move the environment to another address."""
    environment = Environment.objects.get(slug="development")
    environment.base_url = url
    environment.save()


def tenant(name: str, url: str) -> dict[str, Any]:
    """Make a person with an organization of their own, its environment at an address."""
    user = User.objects.create_user(f"{name}@example.test", name=name)
    place = create_environment(
        create_organization(name, name, user), "production", name, Kind.PRODUCTION, base_url=url
    )
    place.prefix = "/v1"
    place.save(update_fields=["prefix"])
    sealed = seal_key(Secret(f"hot_{name:0>40}"), user.pk, place, None)
    Credential.objects.create(user=user, environment=place, sealed=sealed, last4="last")
    return {"session": session_of(user)}


def entrance(name: str) -> dict[str, Any]:
    """Sign somebody in once more."""
    return {"session": session_of(User.objects.get(name=name))}


def session_of(user: User) -> str:
    """Sign a person in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def answer(facts: dict[str, Any] | None) -> None:
    """Say that it is done, and what came of it."""
    sys.stdout.write(json.dumps(facts or {}) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Make the organization, then do as told."""
    owner = User.objects.create_user("olive@example.test", name="olive")
    acme = create_organization("acme", "Acme", owner)
    place = create_environment(
        acme, "development", "Development", Kind.DEVELOPMENT, base_url=sys.argv[1]
    )
    answer({"environment": str(place.pk)})
    for line in sys.stdin:
        command, *words = line.split()
        answer(globals()[command](*words))


if __name__ == "__main__":
    main()
