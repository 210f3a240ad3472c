"""What every test of the dashboard may ask for."""

import tempfile
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests.cast import Cast, assemble
from tests.upstream import upstream

__all__ = ["upstream"]


def pytest_configure() -> None:
    """Keep tests out of the data directory, and files as they are named in the sources."""
    place = Path(tempfile.mkdtemp(prefix="hotdash-tests-"))
    django_settings.DATA_DIR = place
    django_settings.STATIC_ROOT = place / "staticfiles"
    django_settings.STATIC_ROOT.mkdir()
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody of tests/cast.py, in the database."""
    return assemble()
