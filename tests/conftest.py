"""What every test of the dashboard may ask for."""

import tempfile
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests.cast import Cast, assemble
from tests.upstream import upstream

__all__ = ["upstream"]


def pytest_configure(config: pytest.Config) -> None:
    """Keep tests out of the data directory, and files as they are named in the sources."""
    folder = tempfile.TemporaryDirectory(prefix="hotdash-tests-")
    config.add_cleanup(folder.cleanup)
    place = Path(folder.name)
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
