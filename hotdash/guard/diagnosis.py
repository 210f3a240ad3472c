"""What is wrong with this installation, in words that say what to do and hold no secret."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from hotdash.accounts.models import User
from hotdash.credentials.models import Credential
from hotdash.credentials.sealing import Unreadable, open_key
from hotdash.credentials.upstreams import upstream_of
from hotdash.gateway.addresses import current_policy
from hotdash.gateway.errors import GatewayError
from hotdash.gateway.status import get_status
from hotdash.gateway.upstream import Gateway
from hotdash.guard.readiness import NOBODYS_KEY, database_trouble, what_is_missing
from hotdash.host import isolation
from hotdash.host.environment import MissingSetting
from hotdash.orgs.models import Environment, Organization


@dataclass(frozen=True)
class Finding:
    """One thing to know; `is_wrong` where something does not work or is not safe as it is."""

    sentence: str
    remedy: str = ""
    is_wrong: bool = True


def findings() -> Iterator[Finding]:
    """Yield everything that is found, in the order in which one mends it."""
    yield from _open_files()
    yield from _isolation()
    yield from _upstreams()
    yield from _proxies()
    yield from _sign_up()
    if trouble := database_trouble():
        yield Finding(trouble, "Check DATABASE_URL, and start hotdash.")
        return
    if missing := what_is_missing():
        yield Finding(missing, "See `docs/operating.md`.")
    for look in _IN_THE_DATABASE:
        yield from look()


def _open_files() -> Iterator[Finding]:
    # every file: databases and secrets lie side by side, and none is anybody else's
    files = (path for path in sorted(settings.DATA_DIR.iterdir()) if path.is_file())
    for path in (settings.DATA_DIR, *files):
        if _mode(path) & (stat.S_IRWXG | stat.S_IRWXO):
            mode = "700" if path.is_dir() else "600"
            yield Finding(f"{path} is open to other users.", f"chmod {mode} {path}")


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:  # a passing one of the database's
        return 0


def _isolation() -> Iterator[Finding]:
    try:
        found = isolation.in_force(settings.DATA_DIR)
    except MissingSetting as error:
        yield Finding(str(error), "Correct it; until then no worker starts.")
        return
    is_wrong = found.exposed_in is not None or (found.mode == "require" and not found.is_whole)
    remedy = "" if found.is_whole else "Deploy builds of people you would give a shell, only."
    yield Finding(found.sentence, remedy, is_wrong=is_wrong)


def _upstreams() -> Iterator[Finding]:
    try:
        current_policy()
    except MissingSetting as error:
        yield Finding(str(error), "Correct the entry; until then no environment can be called.")


def _proxies() -> Iterator[Finding]:
    if settings.IS_PUBLIC and settings.TRUSTED_PROXIES == 0:
        yield Finding(
            "HOTDASH_PUBLIC_URL is https, but no proxy is trusted, and hotdash itself speaks http.",
            "Set HOTDASH_TRUSTED_PROXIES to the number of proxies in front, usually 1.",
        )
    if not settings.IS_PUBLIC and settings.TRUSTED_PROXIES > 0:
        yield Finding(
            "HOTDASH_TRUSTED_PROXIES is set, but in local mode whatever a proxy sends is refused.",
            "Set HOTDASH_PUBLIC_URL too, or neither.",
        )


def _sign_up() -> Iterator[Finding]:
    if settings.IS_PUBLIC and settings.SIGNUP == "open":
        yield Finding(
            "Whoever reaches hotdash can make an account and an organization.",
            "If that is not meant, set HOTDASH_SIGNUP to invite or closed.",
            is_wrong=False,
        )


def _unclaimed() -> Iterator[Finding]:
    people = list(User.objects.filter(is_active=True))
    if people and not any(person.has_usable_password() for person in people):
        yield Finding(
            "Nobody has claimed the first account; whoever reads the terminal can.",
            f"manage.py signin-link {people[0].email}",
        )


def _unreadable_keys() -> Iterator[Finding]:
    """Keys that people stored; those that hotdash mints are made anew by themselves."""
    held = Credential.objects.filter(key_id=None)
    unreadable = [row for row in held.select_related("environment__organization") if _is_shut(row)]
    if unreadable:
        yield Finding(
            f"Stored API keys that no key of HOTDASH_KEYS opens: {len(unreadable)}.",
            "Put the former key back behind the first, or have their owners enter theirs anew.",
        )


def _is_shut(row: Credential) -> bool:
    try:
        open_key(row.sealed, row.user_id, row.environment, row.key_id)
    except Unreadable:
        return True
    return False


def _unrotated_keys() -> Iterator[Finding]:
    sealed = Credential.objects.values_list("sealed", flat=True)
    count = sum(not settings.KEY_RING.seals_now(bytes(one)) for one in sealed)
    if count:
        yield Finding(
            f"Stored API keys that an older key of HOTDASH_KEYS seals: {count}.",
            "manage.py keys rotate",
            is_wrong=False,
        )


def _embedded() -> Iterator[Finding]:
    shut = Environment.objects.filter(is_embedded=True, organization__may_run_code=False)
    for environment in shut.select_related("organization"):
        slug = environment.organization.slug
        yield Finding(
            f"{slug}/{environment.slug} is embedded, but {slug} may not run code on this host.",
            f"manage.py embedded grant {slug}",
        )
    for organization in Organization.objects.filter(may_run_code=True):
        yield Finding(
            f"Owners and admins of {organization.slug} can run code on this host.",
            f"If that is not meant: manage.py embedded withdraw {organization.slug}",
            is_wrong=False,
        )


def _embedded_api() -> Iterator[Finding]:
    """Say what the embedded API says of itself; that it is silent is said elsewhere."""
    environment = Environment.objects.filter(is_embedded=True).first()
    if environment is None:
        return
    try:
        told = get_status(Gateway(upstream_of(environment), NOBODYS_KEY, person_id="doctor"))
    except GatewayError:
        return
    for trouble in told.troubles:
        yield Finding(trouble, 'See "More than one machine" in `docs/embedded-api.md`.')


_IN_THE_DATABASE: tuple[Callable[[], Iterator[Finding]], ...] = (
    _unclaimed,
    _unreadable_keys,
    _unrotated_keys,
    _embedded,
    _embedded_api,
)
