"""A disk that is full or may only be read: a code, nothing changed, and on it goes with room."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qms.storage.own_state import state_folder
from qms.testing.bad_input import NUMBER, scratch, signs_now, told
from qms.testing.office import PROGRAM, Office

PAGE = 4096
Disk = Callable[[Office], Office]


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """Puts an office, and this user's state, on a disk of its own with little room."""
    where = tmp_path / "disk"
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "qms", str(where)]
    if shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("no right to mount a disk")
    monkeypatch.setenv("XDG_STATE_HOME", str(where / "state"))

    def put(office: Office) -> Office:
        return office.copy(where)

    yield put
    subprocess.run(["umount", "-l", str(where)], check=True)


def fill(office: Office, spare: int) -> Path:
    """Take all room of an office's disk but so many bytes; what takes it."""
    where = office.folder.parent / "filler"
    room = shutil.disk_usage(office.folder).free - spare
    where.write_bytes(b"x" * max(room, 0))
    return where


def test_a_full_disk_is_told_and_nothing_is_changed(submitted: Office, disk: Disk) -> None:
    office = disk(submitted)
    filler = fill(office, 0)
    told(office.call("sign", NUMBER, by="fu.yi"), 3, "DISK-FULL")
    told(office.call("new", "work-instruction", "--title", "x", by="gong.yi"), 3, "DISK-FULL")
    filler.unlink()
    signs_now(office)


def test_a_full_disk_is_told_where_files_are_printed_to(submitted: Office, disk: Disk) -> None:
    office = disk(submitted)
    filler = fill(office, 0)
    out = office.folder / "published"
    told(office.call("publish", "--drafts", by="wen.kong"), 3, "DISK-FULL")
    assert not out.exists()
    filler.unlink()
    office.qms("publish", "--drafts", by="wen.kong")
    assert list(out.rglob("*.pdf"))


@pytest.mark.slow
def test_wherever_the_room_ends_nothing_is_lost_and_nothing_half_done_stays(
    submitted: Office, disk: Disk
) -> None:
    office = disk(submitted)
    head = office.git("rev-parse", "HEAD")
    ends: set[tuple[str, ...]] = set()
    for spare in range(0, 60 * PAGE, PAGE):
        filler = fill(office, spare)
        answer = office.finish("sign", NUMBER, by="fu.yi")
        filler.unlink()
        ends.add(answer.findings)
        if answer.code == 0:
            break
        assert answer.code == 3, answer
        assert set(answer.findings) <= {"DISK-FULL", "COMMIT-UNFINISHED"}, answer
        if answer.findings == ("COMMIT-UNFINISHED",):
            office.qms("fix")
            break
        assert not office.status
        assert not scratch(office)
    assert ("DISK-FULL",) in ends
    assert office.git("rev-list", "--count", f"{head}..HEAD") == "1"
    assert not office.status
    assert not scratch(office)
    assert not list(state_folder("unfinished").iterdir())
    office.git("fsck", "--strict")
    office.qms("verify")


def test_a_disk_that_may_only_be_read_is_read_and_told(submitted: Office, disk: Disk) -> None:
    office = disk(submitted)
    where = str(office.folder.parent)
    subprocess.run(["mount", "-o", "remount,ro", where], check=True)
    for reading in (("list",), ("check",), ("verify",), ("show", NUMBER), ("todo",)):
        answer = office.call(*reading, by="fu.yi")
        assert answer.code == 0, answer
    told(office.call("sign", NUMBER, by="fu.yi"), 3, "DISK-READ-ONLY")
    told(office.call("new", "work-instruction", "--title", "x", by="gong.yi"), 3, "DISK-READ-ONLY")
    told(office.call("policy", "key", "fu.er", f"{office.key('spare')}.pub"), 3, "DISK-READ-ONLY")
    told(office.call("fix"), 3, "DISK-READ-ONLY")
    subprocess.run(["mount", "-o", "remount,rw", where], check=True)
    signs_now(office)


def test_an_answer_that_finds_no_room_is_told(submitted: Office) -> None:
    with Path("/dev/full").open("wb") as full, submitted.start("list", program=PROGRAM) as ready:
        ready.communicate()
        command = [str(one) for one in ready.args]  # type: ignore[union-attr]
        done = subprocess.run(
            command, cwd=submitted.folder, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    assert b"DISK-FULL" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_system_that_opens_no_more_files_is_told(drafted: Office, lang: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'ulimit -n 12; exec "$0" -P -m qms --lang {lang} check', sys.executable],
        cwd=drafted.folder, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert (done.returncode, "FILES-OPEN" in done.stderr) == (3, True), done
    assert "`ulimit -n 1024`" in done.stderr
