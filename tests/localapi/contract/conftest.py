"""What the tests of the table ask for."""

import httpx
import pytest

from tests.localapi.contract.lines import Line
from tests.localapi.contract.things import Things
from tests.localapi.tenants import Tenant


@pytest.fixture
def things(tenant: Tenant) -> Things:
    """The objects of this test's environment."""
    return Things(tenant)


@pytest.fixture
def full(tenant: Tenant, line: Line) -> httpx.Client:
    """The client that may ask for the line: the operator's, or one that may everything."""
    return tenant.operator.client if line.is_operators else tenant.client
