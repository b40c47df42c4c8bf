import os
import socket
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.storage.files import PRIVATE, file_digest, read_linked, read_plain, write_file


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

    with pytest.raises(QmsError) as caught:
        write_file(top / "a", b"new")

    assert caught.value.finding.code == "FILE-IN-THE-WAY"
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


def plugged(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(path))  # a socket's whole path may have 100 letters


def linked(path: Path) -> None:
    os.mkfifo(f"{path}.pipe")
    path.symlink_to(f"{path}.pipe")


ENDLESS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "socket": plugged,
    "folder": Path.mkdir,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "link to a pipe": linked,
}


@pytest.mark.parametrize("make", ENDLESS.values(), ids=ENDLESS)
def test_nothing_is_read_that_never_ends(top: Path, make: Callable[[Path], object]) -> None:
    make(top / "a")

    for read in (
        lambda: read_plain(top / "a"),
        lambda: read_plain(top / "a", 10),
        lambda: read_linked(top / "a", 10),
        lambda: file_digest(top / "a"),
    ):
        with pytest.raises(OSError, match=r"no plain file|symbolic links|such device|directory"):
            read()


def test_a_file_is_read_as_far_as_it_may_reach(top: Path) -> None:
    (top / "a").write_bytes(b"0123456789")
    (top / "link").symlink_to(top / "a")

    assert read_plain(top / "a", 10) == read_linked(top / "link", 10) == b"0123456789"
    assert file_digest(top / "link") == f"sha256:{sha256(b'0123456789').hexdigest()}"
    for read in (read_plain, read_linked):
        with pytest.raises(OSError, match="more than 9 bytes"):
            read(top / "a", 9)


def test_the_size_is_asked_before_anything_is_read(top: Path) -> None:
    with (top / "a").open("wb") as file:
        file.truncate(1 << 40)

    for read in (read_plain, read_linked):
        with pytest.raises(OSError, match="more than 10 bytes"):
            read(top / "a", 10)


def test_what_the_system_makes_up_as_it_is_read_has_the_same_bound() -> None:
    """It says that it holds nothing."""
    made_up = Path("/proc/self/environ")

    assert made_up.stat().st_size == 0
    for read in (read_plain, read_linked):
        with pytest.raises(OSError, match="more than 3 bytes"):
            read(made_up, 3)
