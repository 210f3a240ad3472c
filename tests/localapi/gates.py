"""Where an archive is looked at: when it is uploaded, and again before it is loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hotdash.localapi.archives.archive import BadArchive, check, unpack


def at_upload(file: Path, _: Path) -> None:
    """Judge an archive as an upload does."""
    check(file)


GATES: tuple[Callable[[Path, Path], None], ...] = (at_upload, unpack)


def assert_refused(
    gate: Callable[[Path, Path], None], content: bytes, words: str, tmp_path: Path
) -> None:
    """The gate refuses the archive in these words, and leaves nothing behind."""
    file = tmp_path / "build.zip"
    file.write_bytes(content)
    with pytest.raises(BadArchive) as refused:
        gate(file, tmp_path / "into")
    assert words in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["build.zip"]
