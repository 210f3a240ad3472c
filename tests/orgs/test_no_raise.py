"""No form raises a role: what a body says of roles, people and organizations is not read."""

import pytest

from hotdash.orgs.models import Membership
from tests.cast import Cast
from tests.furnished import furnish
from tests.routes import address_of, routes
from tests.upstream import FakeUpstream


def ranks() -> set[tuple[str, str, str]]:
    """Return who is what where."""
    rows = Membership.objects.values_list("user__email", "organization__slug", "role")
    return {(str(person), str(slug), str(role)) for person, slug, role in rows}


@pytest.mark.parametrize("person", ["vera", "mia", "adam", "stan"])
def test_nobody_rises_by_any_address(cast: Cast, upstream: FakeUpstream, person: str) -> None:
    furnish(upstream)
    before = ranks()
    someone = getattr(cast, person)
    client = cast.browser(someone)
    client.raise_request_exception = False  # not every form is complete
    for _, path, _ in routes():
        if "logout" in path:
            continue
        for role in ("owner", "admin", "member"):
            body = {
                "role": role,
                "user": str(someone.pk),
                "person": str(someone.pk),
                "organization": str(cast.acme.pk),
                "membership": str(Membership.objects.filter(user=cast.olive)[0].pk),
                "may_run_code": "on",
            }
            client.post(address_of(path), body)
    assert ranks() == before
    cast.acme.refresh_from_db()
    assert not cast.acme.may_run_code
