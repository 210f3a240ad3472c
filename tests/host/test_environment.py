"""How a setting is read, and what is said of one that cannot be."""

from pathlib import Path

import pytest

from hotdash.host import environment
from hotdash.host.environment import MissingSetting


def test_a_secret_can_be_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("HOTDASH_SECRET_KEY_FILE", str(tmp_path / "secret"))
    assert environment.text("HOTDASH_SECRET_KEY") == "from the file"


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTDASH_SECRET_KEY_FILE", "/nowhere/at/all")
    with pytest.raises(MissingSetting, match="HOTDASH_SECRET_KEY_FILE names /nowhere/at/all"):
        environment.text("HOTDASH_SECRET_KEY")


def test_what_is_no_secret_is_not_read_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "port").write_text("1")
    monkeypatch.setenv("HOTDASH_PORT_FILE", str(tmp_path / "port"))
    monkeypatch.delenv("HOTDASH_PORT", raising=False)
    assert environment.number("HOTDASH_PORT") == 4680


@pytest.mark.parametrize("raw", ["80a", "4680.5", "-"])
def test_a_number_that_is_none_is_refused_by_name(
    raw: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTDASH_PORT", raw)
    with pytest.raises(MissingSetting, match="HOTDASH_PORT must be a whole number"):
        environment.number("HOTDASH_PORT")


def test_a_switch_knows_on_and_off_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for raw, is_on in (("", False), ("0", False), ("1", True)):
        monkeypatch.setenv("HOTDASH_DEBUG", raw)
        assert environment.is_on("HOTDASH_DEBUG") is is_on
    monkeypatch.setenv("HOTDASH_DEBUG", "yes")
    with pytest.raises(MissingSetting, match="either 1 or 0"):
        environment.is_on("HOTDASH_DEBUG")


def test_the_data_directory_is_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTDASH_DATA_DIR", str(tmp_path / "deep" / "data"))
    assert environment.data_dir().stat().st_mode & 0o777 == 0o700


def test_a_data_directory_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HOTDASH_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(MissingSetting, match=r"HOTDASH_DATA_DIR names .*/file, which cannot be"):
        environment.data_dir()
