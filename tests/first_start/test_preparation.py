"""Static files are collected when a source changed, and only then."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from hotdash.first_start.preparation import collect_if_stale


@pytest.fixture
def sources(tmp_path: Path, settings) -> Iterator[Path]:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "one.css").write_text("a {}")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    forget_finders()
    yield folder
    forget_finders()


def forget_finders() -> None:
    finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # an lru_cache, untold by the stubs


def test_sources_are_collected_once(sources: Path, settings) -> None:
    root = settings.STATIC_ROOT
    assert collect_if_stale(root)
    assert (root / "one.css").read_text() == "a {}"
    assert not collect_if_stale(root)


def test_a_changed_source_is_collected_again(sources: Path, settings) -> None:
    collect_if_stale(settings.STATIC_ROOT)
    (sources / "one.css").write_text("b {}")
    assert collect_if_stale(settings.STATIC_ROOT)
    assert (settings.STATIC_ROOT / "one.css").read_text() == "b {}"


def test_what_an_open_page_still_asks_for_stays(sources: Path, settings) -> None:
    collect_if_stale(settings.STATIC_ROOT)
    (settings.STATIC_ROOT / "one.abc123.css").write_text("a {}")
    (sources / "one.css").write_text("b {}")
    collect_if_stale(settings.STATIC_ROOT)
    assert (settings.STATIC_ROOT / "one.abc123.css").exists()


def test_a_collection_cut_short_is_done_again(sources: Path, settings) -> None:
    collect_if_stale(settings.STATIC_ROOT)
    (settings.STATIC_ROOT / "sources.sha256").unlink()
    assert collect_if_stale(settings.STATIC_ROOT)
