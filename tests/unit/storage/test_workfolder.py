from pathlib import Path

import pytest

from qms.findings import QmsError, Refused
from qms.storage.workfolder import lay, put, refuse_in_the_way, remove_work_file, write_work_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A work tree with a folder beside its files where git's would be."""
    (tmp_path / "root" / ".git").mkdir(parents=True)
    return tmp_path / "root"


def write(root: Path, path: str, data: bytes) -> None:
    write_work_file(root, path, data, root / ".git")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_its_folders_and_nothing_else(root: Path) -> None:
    write(root, "released/p/A-0.md", b"text\n")

    assert (root / "released" / "p" / "A-0.md").read_bytes() == b"text\n"
    assert names(root / "released" / "p") == ["A-0.md"]
    assert names(root / ".git") == []


def test_an_old_file_keeps_its_mode(root: Path) -> None:
    (root / "a").write_bytes(b"old")
    (root / "a").chmod(0o640)

    write(root, "a", b"new")

    assert (root / "a").read_bytes() == b"new"
    assert (root / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("path", ["documents/a", "documents/x/a", "plain/a", "link", "folder"])
def test_nothing_is_written_through_a_link_or_over_what_is_no_file(root: Path, path: str) -> None:
    outside = root.parent / "outside"
    (outside / "x").mkdir(parents=True)
    (root / "documents").symlink_to(outside)
    (root / "plain").write_bytes(b"a file\n")
    (root / "link").symlink_to(outside / "target")
    (root / "folder").mkdir()

    with pytest.raises(Refused) as written:
        write(root, path, b"new")
    with pytest.raises(Refused) as asked:
        refuse_in_the_way(root, [path])

    for caught in (written.value, asked.value):
        assert caught.finding.code == "FILE-IN-THE-WAY"
        assert caught.finding.place.path == path

    assert names(outside) == ["x"]
    assert names(outside / "x") == []
    assert names(root / ".git") == []


@pytest.mark.parametrize("path", ["../a", "documents/../../a", "./a", "documents//a"])
def test_no_path_leads_out_of_the_work_tree(root: Path, path: str) -> None:
    (root / "documents").mkdir()

    with pytest.raises(Refused):
        write(root, path, b"new")

    assert not (root.parent / "a").exists()
    assert not (root.parent.parent / "a").exists()


def test_a_link_that_comes_between_is_not_gone_through(root: Path) -> None:
    (root / "documents").mkdir()
    (laid,) = lay({"documents/a": b"new"}, root, root / ".git")
    outside = root.parent / "outside"
    outside.mkdir()
    (root / "documents").rmdir()
    (root / "documents").symlink_to(outside)

    with pytest.raises(Refused):
        put(root, laid.path, laid.part or root)

    assert names(outside) == []


def test_removing_a_file_removes_the_folders_it_leaves_empty(root: Path) -> None:
    write(root, "a/b/c", b"")
    write(root, "a/d", b"")

    remove_work_file(root, "a/b/c")
    assert names(root / "a") == ["d"]
    remove_work_file(root, "a/d")
    remove_work_file(root, "a/d")
    assert names(root) == [".git"]


def test_what_the_system_denies_is_told_before_anything_is_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "documents").mkdir()
    monkeypatch.setattr("os.access", lambda *_, **__: False)  # root may write anywhere

    with pytest.raises(QmsError) as caught:
        refuse_in_the_way(root, ["documents/new/a"])

    assert caught.value.finding.code == "WRITE-DENIED"
