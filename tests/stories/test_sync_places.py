"""Issue 8: a folder that became a file for others, or a file a folder, comes in by `qms sync`."""

from pathlib import Path
from subprocess import CalledProcessError

import pytest

from qms.testing.office import Office


@pytest.fixture
def two(lx: Office, tmp_path: Path) -> tuple[Office, Office]:
    """A file `plan`, a folder `notes` with two files."""
    for path in ("plan", "notes/a.txt", "notes/deep/b.txt"):
        lx.write(path, f"{path}\n")
    save(lx)
    lx.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    server = lx.shared(tmp_path)
    return lx, lx.clone(server, tmp_path / "other" / "docs")


def save(office: Office) -> None:
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Change")


def turned(office: Office) -> None:
    """`notes` becomes a file and `plan` a folder, for everybody."""
    office.git("rm", "-q", "-r", "notes", "plan")
    office.write("notes", "one file now\n")
    office.write("plan/2026.txt", "a folder now\n")
    office.write("plan/deep/2027.txt", "too\n")
    save(office)
    assert office.call("sync").code == 0


def is_turned(office: Office) -> bool:
    files = {one: office.text(one) for one in ("notes", "plan/2026.txt", "plan/deep/2027.txt")}
    return list(files.values()) == ["one file now\n", "a folder now\n", "too\n"]


def test_what_turned_comes_in_by_sync_alone(two: tuple[Office, Office]) -> None:
    mine, other = two
    turned(mine)

    answer = other.call("sync")

    assert answer.code == 0, answer
    assert is_turned(other)
    assert other.status == ""


def test_what_turned_is_united_with_work_of_ones_own(two: tuple[Office, Office]) -> None:
    mine, other = two
    turned(mine)
    other.write("own.txt", "mine\n")
    save(other)

    answer = other.call("sync")

    assert answer.code == 0, answer
    assert is_turned(other)
    assert (other.text("own.txt"), other.status) == ("mine\n", "")


UNSAVED = {
    "a new file": ("notes/new.txt", "notes", "notes.mine/new.txt"),
    "a new file further down": ("notes/deep/new.txt", "notes", "notes.mine/deep/new.txt"),
    "an edited file": ("notes/a.txt", "notes", "notes.mine/a.txt"),
    "a file that git ignores": ("notes/x.log", "notes", "notes.mine/x.log"),
    "an edited file in the place of a folder": ("plan", "plan", "plan.mine"),
}


@pytest.mark.parametrize("case", UNSAVED)
def test_what_was_not_saved_stays_and_two_commands_lead_on(
    two: tuple[Office, Office], case: str
) -> None:
    """Row 321 (L: SYNC-TURNED): nothing is written before it is out of the way."""
    mine, other = two
    path, top, kept = UNSAVED[case]
    turned(mine)
    (other.folder / ".git/info/exclude").write_text("*.log\n*.mine\n")
    other.write(path, "unsaved\n")
    head = other.git("rev-parse", "HEAD")

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (1, ("SYNC-TURNED",)), answer
    assert (other.text(path), other.git("rev-parse", "HEAD")) == ("unsaved\n", head)
    assert f"`mv -n -- {top} {top}.mine`, then `qms sync`" in answer.err
    assert "git" not in answer.err.partition("mend:")[2]
    (other.folder / top).rename(other.folder / f"{top}.mine")
    answer = other.call("sync")
    assert answer.code == 0, answer
    assert is_turned(other)
    assert other.text(kept) == "unsaved\n"


SAVED = {
    "a new file": ("notes/new.txt", "new.mine.txt"),
    "an edited file": ("notes/a.txt", "a.mine.txt"),
    "an edited file in the place of a folder": ("plan", "plan.mine"),
}


@pytest.mark.parametrize("case", SAVED)
def test_what_both_turned_is_decided_by_one_command(two: tuple[Office, Office], case: str) -> None:
    """Row 321 (L: SYNC-SAME-FILE): no tree has room for both."""
    mine, other = two
    path, kept = SAVED[case]
    turned(mine)
    other.write(path, "saved\n")
    save(other)

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (1, ("SYNC-SAME-FILE",)), answer
    assert other.text(path) == "saved\n"
    answer = other.call("sync", "--theirs")
    assert answer.code == 0, answer
    assert is_turned(other)
    assert other.text(kept) == "saved\n"


def test_what_i_turned_and_others_went_on_with_is_decided_too(two: tuple[Office, Office]) -> None:
    mine, other = two
    turned_here = other
    turned_here.git("rm", "-q", "-r", "notes")
    turned_here.write("notes", "one file now\n")
    save(turned_here)
    mine.write("notes/a.txt", "theirs\n")
    save(mine)
    assert mine.call("sync").code == 0

    answer = other.call("sync")

    assert (answer.code, set(answer.findings)) == (1, {"SYNC-SAME-FILE"}), answer
    answer = other.call("sync", "--theirs")
    assert answer.code == 0, answer
    assert other.text("notes/a.txt") == "theirs\n"
    assert other.text("notes.mine") == "one file now\n"


def test_a_program_that_both_changed_is_decided_by_one_command(two: tuple[Office, Office]) -> None:
    mine, other = two
    for office, line in ((mine, "theirs"), (other, "mine")):
        office.write("run.sh", f"#!/bin/sh\n# {line}\n")
        (office.folder / "run.sh").chmod(0o755)
        save(office)
    assert mine.call("sync").code == 0

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (1, ("SYNC-SAME-FILE",)), answer
    assert other.call("sync", "--theirs").code == 0
    assert other.text("run.mine.sh") == "#!/bin/sh\n# mine\n"


def test_a_large_file_that_both_changed_is_decided_by_one_command(
    two: tuple[Office, Office],
) -> None:
    mine, other = two
    for office, byte in ((mine, b"t"), (other, b"m")):
        office.write("machine.bin", byte * 9_000_000)
        save(office)
    assert mine.call("sync").code == 0

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (1, ("SYNC-SAME-FILE",)), answer
    assert other.call("sync", "--theirs").code == 0
    assert other.text("machine.mine.bin") == "m" * 9_000_000


def test_a_large_file_that_others_changed_comes_in(two: tuple[Office, Office]) -> None:
    mine, other = two
    for byte in (b"a", b"b"):
        mine.write("machine.bin", byte * 9_000_000)
        save(mine)
        assert mine.call("sync").code == 0
        answer = other.call("sync")
        assert (answer.code, answer.findings) == (0, ()), answer

    assert other.text("machine.bin") == "b" * 9_000_000
    other.write("machine.bin", b"c" * 9_000_000)
    mine.write("machine.bin", b"d" * 9_000_000)
    save(mine)
    assert mine.call("sync").code == 0
    assert other.call("sync").findings == ("SYNC-UNCOMMITTED",)


def test_a_merge_that_stopped_at_what_turned_loses_nothing(two: tuple[Office, Office]) -> None:
    mine, other = two
    turned(mine)
    other.write("notes/a.txt", "saved\n")
    save(other)
    with pytest.raises(CalledProcessError):
        other.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")

    answer = other.call("fix", by="gong.yi")

    assert (answer.code, answer.findings) == (1, ("MERGE-UNSETTLED",)), answer
    other.git("merge", "--abort")
    assert other.call("sync", "--theirs").code == 0
    assert other.text("a.mine.txt") == "saved\n"
