"""An environment is made whole or not at all, and nobody is asked in vain."""

import pytest

from hotdash.credentials.connecting import Plan, connect
from hotdash.credentials.models import Trial
from hotdash.gateway.secret import Secret
from hotdash.orgs.models import Environment, Kind
from hotdash.orgs.slugs import BadSlug
from tests import samples
from tests.cast import Cast, key_of
from tests.upstream import ORIGIN, FakeUpstream


@pytest.mark.parametrize("slug", ["settings", "UPPER", "x" * 41])
def test_a_slug_that_cannot_be_had_asks_nobody_and_costs_no_trial(
    cast: Cast, upstream: FakeUpstream, slug: str
) -> None:
    plan = Plan(slug, "A name", Kind.OTHER, ORIGIN, "/v1")
    with pytest.raises(BadSlug):
        connect(cast.adam, cast.acme, plan, Secret(key_of(cast.adam)))
    assert upstream.calls == []
    assert not Trial.objects.exists()


def test_a_slug_that_is_taken_leaves_nothing_half_made(cast: Cast, upstream: FakeUpstream) -> None:
    upstream.one("/env", samples.environment())
    before = Environment.objects.count()
    plan = Plan("staging", "A name", Kind.OTHER, ORIGIN, "/v1")
    with pytest.raises(BadSlug, match="taken"):
        connect(cast.adam, cast.acme, plan, Secret(key_of(cast.adam)))
    assert Environment.objects.count() == before
