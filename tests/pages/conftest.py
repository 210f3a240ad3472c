"""What the tests of many pages start from."""

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.fixture
def mia(cast: Cast) -> Client:
    """The browser of a member."""
    return cast.browser(cast.mia)
