"""Issue 8: clones as Windows makes them (line ends, modes, case, long paths), and the ways out."""

from pathlib import Path

import pytest

from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"


@pytest.fixture
def two(drafted: Office, tmp_path: Path) -> tuple[Office, Office]:
    """An office without attributes, and a clone of it with the settings of git for Windows."""
    drafted.write("notes/a.txt", "a\nb\n")
    save(drafted)
    drafted.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    server = drafted.shared(tmp_path)
    folder = tmp_path / "windows" / "docs"
    drafted.git("-c", "core.autocrlf=true", "clone", "-q", str(server), str(folder))
    other = Office(folder, drafted.keys, drafted.now, dict(drafted.environment))
    for name, value in (
        ("user.name", "Other"), ("user.email", "other@qms.invalid"),
        ("qms.allowUnencryptedKey", "true"), ("qms.rehearsal", "true"),
        ("core.autocrlf", "true"), ("core.fileMode", "false"), ("core.ignoreCase", "true"),
        ("core.symlinks", "false"),
    ):  # fmt: skip
        other.git("config", name, value)
    return drafted, other


def save(office: Office) -> None:
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Change")


def as_windows_saves(office: Office, path: str) -> None:
    office.write(path, office.text(path).replace("\r\n", "\n").replace("\n", "\r\n"))


def life(mine: Office, other: Office) -> None:
    """A text goes round between the two, and is published."""
    other.qms("submit", "LX-WI-01", by="gong.yi")
    other.qms("sync")
    mine.qms("sync")
    mine.now = other.now
    mine.qms("sign", "LX-WI-01", by="fu.yi")
    mine.qms("sync")
    other.now = mine.now
    other.qms("sync")
    other.qms("release", "LX-WI-01", by="wen.kong")
    other.qms("sync")
    mine.qms("sync")
    assert other.status == ""
    for office in (mine, other):
        assert office.call("check", "--all").findings == ()
        office.qms("verify")


def test_a_clone_that_git_laid_out_with_windows_line_ends_is_put_right_by_fix(
    two: tuple[Office, Office],
) -> None:
    """(L: BYTES-CR): the policy's signed files too, since nobody changed a word."""
    mine, other = two
    assert "\r\n" in other.text("policy/0001/qms.yaml")
    answer = other.call("check", "--all")
    assert set(answer.findings) == {"BYTES-CR"}
    assert "core.autocrlf false" in answer.out

    other.qms("fix", by="gong.yi")

    assert other.call("check", "--all").findings == ()
    assert other.status == ""
    life(mine, other)


def test_with_the_attributes_of_the_template_there_is_nothing_to_put_right(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    mine, other = two
    mine.write(".gitattributes", "* -text\n")
    for signer in ("gao.feng", "guan.ning"):
        mine.qms("policy", "sign", by=signer)
    mine.qms("sync")
    folder = tmp_path / "again" / "docs"
    mine.git("-c", "core.autocrlf=true", "clone", "-q", str(tmp_path / "server.git"), str(folder))
    again = Office(folder, mine.keys, mine.now, dict(mine.environment))
    for line in other.git("config", "--local", "--list").splitlines():
        key, _, value = line.partition("=")
        if key.startswith(("user.", "qms.", "core.autocrlf", "core.filemode")):
            again.git("config", key, value)

    assert again.call("check", "--all").findings == ()
    life(mine, again)


def test_what_others_changed_comes_in_over_line_ends_that_git_made(
    two: tuple[Office, Office],
) -> None:
    """git says that nothing is changed there, so there is nothing that could be committed first."""
    mine, other = two
    mine.write("notes/a.txt", "a\nc\n")
    save(mine)
    assert mine.call("sync").code == 0

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (0, ()), answer
    assert "not committed" not in answer.out
    assert other.text("notes/a.txt") == "a\nc\n"
    other.write("notes/a.txt", "a\r\nmine\r\n")
    mine.write("notes/a.txt", "a\ntheirs\n")
    save(mine)
    assert mine.call("sync").code == 0
    assert other.call("sync").findings == ("SYNC-UNCOMMITTED",)
    assert other.text("notes/a.txt") == "a\r\nmine\r\n"


def test_what_an_editor_saved_with_windows_line_ends_goes_round(
    two: tuple[Office, Office],
) -> None:
    mine, other = two
    other.git("config", "core.autocrlf", "false")
    other.qms("fix", by="gong.yi")
    other.write("notes/a.txt", "a\nb\n")
    # git calls a file changed whose size is another than at its checkout, words or not.
    other.git("add", "notes/a.txt")
    other.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n甲。")
    for path in (TEXT, "people.yaml", "qms.yaml", "policy/0001/policy.yaml"):
        as_windows_saves(other, path)
    assert set(other.call("check", "--all").findings) == {"BYTES-CR"}

    other.qms("fix", by="gong.yi")

    assert other.git("diff", "--name-only") == TEXT
    life(mine, other)


def test_what_was_committed_with_windows_line_ends_is_shared_after_two_commands(
    two: tuple[Office, Office],
) -> None:
    mine, other = two
    other.git("config", "core.autocrlf", "false")
    other.qms("fix", by="gong.yi")
    as_windows_saves(other, TEXT)
    save(other)
    assert other.call("sync").findings == ("BYTES-CR",)

    other.qms("fix", by="gong.yi")
    save(other)

    assert other.call("sync").code == 0
    life(mine, other)


def test_modes_that_a_disk_makes_up_are_no_fault(two: tuple[Office, Office]) -> None:
    """On a share or a stick each file may be run, whatever was committed."""
    mine, other = two
    other.qms("fix", by="gong.yi")
    for path in other.folder.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            path.chmod(0o755)
    assert other.call("check", "--all").findings == ()
    other.git("config", "core.fileMode", "true")
    answer = other.call("check", "--all")
    assert set(answer.findings) == {"BAD-MODE"}
    assert "`git config core.fileMode false`" in answer.out

    other.git("config", "core.fileMode", "false")

    life(mine, other)


def test_twins_in_free_ground_are_told_before_one_is_lost(two: tuple[Office, Office]) -> None:
    """(L: NAME-TWINS): in governed folders they are no names at all."""
    mine, _ = two
    mine.write("ideas/Plan.txt", "a\n")
    mine.write("ideas/plan.txt", "b\n")
    save(mine)

    answer = mine.call("check")

    assert (answer.code, answer.findings) == (0, ("NAME-TWINS", "NAME-TWINS")), answer
    assert "`mv -n -- ideas/plan.txt ideas/plan-2.txt`" in answer.out
    (mine.folder / "ideas/plan.txt").rename(mine.folder / "ideas/plan-2.txt")
    save(mine)
    assert mine.call("check").findings == ()
    mine.write(TEXT.lower(), "x\n")
    assert mine.call("check").findings == ("PATH-COLLISION",)


def test_a_path_that_windows_does_not_open_is_told(two: tuple[Office, Office]) -> None:
    """(L: PATH-LONG)"""
    mine, other = two
    path = f"ideas/{'长' * 60}/{'名' * 60}/{'字' * 60}/{'a' * 80}.txt"
    mine.write(path, "a\n")
    save(mine)

    answer = mine.call("check")

    assert (answer.code, answer.findings) == (0, ("PATH-LONG",)), answer
    assert "core.longpaths" in answer.out
    assert mine.call("sync").code == 0
    assert other.call("sync").code == 0
    assert other.text(path) == "a\n"
