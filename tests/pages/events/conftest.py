"""What the tests of publishing start from."""

import pytest

from tests.samples import PROJECT_ID, event_handler, project
from tests.upstream import FakeUpstream


@pytest.fixture
def listener(upstream: FakeUpstream) -> None:
    """One deployed handler listens for order:placed."""
    upstream.many("/projects", [project()])
    upstream.many(f"/projects/{PROJECT_ID}/event-handlers", [event_handler()])
