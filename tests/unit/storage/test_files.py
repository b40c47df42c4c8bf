from pathlib import Path

import pytest

from qms.storage.files import remove_file, write_file


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

    write_file(top / "a", b"new", top)

    assert (top / "a").read_bytes() == b"new"
    assert (top / "a").stat().st_mode & 0o777 == 0o640


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(top: Path) -> None:
    (top / "a").mkdir()
    (top / "a" / "inside").write_bytes(b"old")

    with pytest.raises(OSError, match="directory"):
        write_file(top / "a", b"new")

    assert names(top) == ["a"]


def test_removing_a_file_removes_the_folders_it_leaves_empty(top: Path) -> None:
    write_file(top / "a" / "b" / "c", b"")
    write_file(top / "a" / "d", b"")

    remove_file(top / "a" / "b" / "c", top)
    assert names(top / "a") == ["d"]
    remove_file(top / "a" / "d", top)
    remove_file(top / "a" / "d", top)
    assert names(top) == []
