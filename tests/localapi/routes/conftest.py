"""What most tests of routes begin with."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from hotdash.localapi.models import Build
from tests.localapi import rows
from tests.localapi.tenants import Operator, Tenant


@pytest.fixture
def build(tenant: Tenant) -> Build:
    """A build of the project `shop` that is deployed and ready."""
    return rows.build(tenant.project()["project_id"])


@pytest.fixture
def there(origin: str, operator: Operator, stored: None) -> Iterator[Tenant]:
    """A tenant of the server that a module starts for itself, at its fixture `origin`."""
    with Operator(origin, operator.token) as holder:
        yield holder.tenant(uuid4())
