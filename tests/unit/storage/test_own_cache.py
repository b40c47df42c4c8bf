"""What this machine has made itself: found again, or not there; never in the way of a command."""

from pathlib import Path

import pytest

from qms.storage.own_cache import OwnCache


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has made nothing yet."""
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_what_is_no_file_is_no_entry(home: Path) -> None:
    """A folder in the place of one ended `check` and `publish` with a fault in qms."""
    (home / ".cache" / "qms" / "printed").mkdir(parents=True, mode=0o700)
    (home / ".cache" / "qms" / "printed" / "legible-00").mkdir()

    cache = OwnCache.open()
    cache.put("legible", "00", b"x")

    assert cache.get("legible", "00") is None


@pytest.mark.parametrize("named", ["", "relative", "./cache"])
def test_a_folder_that_is_no_absolute_path_counts_as_unset(
    home: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", named)

    OwnCache.open().put("legible", "00", b"x")

    assert OwnCache.open().get("legible", "00") == b"x"
    assert (home / ".cache" / "qms" / "printed" / "legible-00").is_file()


@pytest.mark.parametrize("home_is", ["", "relative"])
def test_without_a_place_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, home_is: str) -> None:
    monkeypatch.setenv("HOME", home_is)

    OwnCache.open().put("legible", "00", b"x")

    assert OwnCache.open().get("legible", "00") is None
