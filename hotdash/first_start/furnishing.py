"""What a first start leaves behind: an owner, an organization, three environments, a sample."""

from django.conf import settings

from hotdash.credentials.stale import forget_stale_keys
from hotdash.first_start import CannotStart, owner, sample
from hotdash.gateway.errors import GatewayError
from hotdash.gateway.pool import close_pool, open_pool
from hotdash.guard.door import NoKey, open_gateway
from hotdash.kit.failures import explain
from hotdash.orgs.creation import create_environment, create_organization
from hotdash.orgs.models import Environment, Kind, Membership, Organization
from hotdash.orgs.roles import Role

_SLUG = "acme"
_KINDS = (Kind.DEVELOPMENT, Kind.STAGING, Kind.PRODUCTION)
_DONE = "furnished"


def furnish() -> None:
    """Complete whatever of the first start is missing, then renew what a later start may.

    That is keys which a lost or older database of the embedded API does not know, and the owner's
    link while nobody has used it.

    Every step looks before it makes, so that a start that was killed is completed by the next one;
    once all is done a file says so, and nothing that people removed comes back.
    """
    done = settings.DATA_DIR / _DONE
    open_pool()
    try:
        forget_stale_keys()
        if not done.exists():
            _make_what_is_missing()
            done.touch(mode=0o600)
    except GatewayError as error:
        failure = explain(error)
        raise CannotStart(f"{failure.title}: {failure.sentence}") from error
    except NoKey as error:
        raise CannotStart(error.sentence) from error
    finally:
        close_pool()
    owner.renew_link()


def _make_what_is_missing() -> None:
    organization = _organization()
    membership = Membership.objects.filter(organization=organization, role=Role.OWNER).earliest(
        "joined_at"
    )
    doors = {kind: open_gateway(membership, _environment(organization, kind)) for kind in _KINDS}
    sample.deploy(doors[Kind.DEVELOPMENT])
    sample.publish(doors[Kind.DEVELOPMENT])


def _organization() -> Organization:
    # the first one, not the one of that name: nobody who has an organization is given another
    existing = Organization.objects.order_by("created_at").first()
    return existing or create_organization(_SLUG, _SLUG, owner.first(), may_run_code=True)


def _environment(organization: Organization, kind: Kind) -> Environment:
    existing = organization.environments.filter(slug=kind.value).first()
    return existing or create_environment(
        organization, kind.value, kind.value, kind, is_embedded=True
    )
