from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.storage.files import PRIVATE, write_file


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "top"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_its_folders(top: Path) -> None:
    write_file(top / "released" / "p" / "A-0.md", b"text\n")

    assert (top / "released" / "p" / "A-0.md").read_bytes() == b"text\n"
    assert names(top / "released" / "p") == ["A-0.md"]


def test_an_old_file_keeps_its_mode(top: Path) -> None:
    (top / "a").write_bytes(b"old")
    (top / "a").chmod(0o640)

    write_file(top / "a", b"new")

    assert (top / "a").read_bytes() == b"new"
    assert (top / "a").stat().st_mode & 0o777 == 0o640


def test_a_private_file_is_nobody_elses_to_read(top: Path) -> None:
    write_file(top / "note", b"mine", mode=PRIVATE)

    assert (top / "note").read_bytes() == b"mine"
    assert (top / "note").stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(top: Path) -> None:
    (top / "a").mkdir()
    (top / "a" / "inside").write_bytes(b"old")

    with pytest.raises(OSError, match="directory"):
        write_file(top / "a", b"new")

    assert names(top) == ["a"]


def test_what_cannot_be_written_for_want_of_room_is_told(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", _no_room)

    with pytest.raises(QmsError) as caught:
        write_file(top / "a", b"new")

    assert caught.value.finding.code == "DISK-FULL"
    assert caught.value.finding.values == {"place": str(top / "a")}
    assert names(top) == []


def _no_room(_: int) -> None:
    raise OSError(28, "No space left on device")
