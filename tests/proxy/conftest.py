"""Who visits hotdash through either proxy."""

from collections.abc import Iterator

import httpx
import pytest

from tests.proxy.site import Site, claimed


@pytest.fixture(scope="module")
def owner(site: Site) -> Iterator[httpx.Client]:
    """A browser in which the owner has claimed the account, and so is signed in."""
    with claimed(site) as browser:
        yield browser
