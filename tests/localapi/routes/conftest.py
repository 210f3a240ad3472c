"""What most tests of routes begin with."""

import pytest

from hotdash.localapi.models import Build
from tests.localapi import rows
from tests.localapi.tenants import Tenant


@pytest.fixture
def build(tenant: Tenant) -> Build:
    """A build of the project `shop` that is deployed and ready."""
    return rows.build(tenant.project()["project_id"])
