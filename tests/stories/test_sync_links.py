"""Issue 8: where a link is in play `qms sync` says what leads on, and nothing is lost."""

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qms.testing.office import Office


@pytest.fixture
def two(lx: Office, tmp_path: Path) -> tuple[Office, Office]:
    for name in ("f1", "f2", "f3"):
        lx.write(name, f"{name}\n")
    (lx.folder / "ln").symlink_to("f1")
    save(lx)
    lx.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    server = lx.shared(tmp_path)
    return lx, lx.clone(server, tmp_path / "other" / "docs")


def save(office: Office) -> None:
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Change")


def linked(office: Office, name: str, to: str) -> None:
    (office.folder / name).unlink(missing_ok=True)
    (office.folder / name).symlink_to(to)


def mended(office: Office, code: str, *words: str) -> None:
    """The command that is said is typed as it stands."""
    answer = office.call("sync", *words)
    assert (answer.code, answer.findings) == (1, (code,)), answer
    command = re.search(r"`([^`]+)`, then `qms sync`", answer.err)
    assert command is not None, answer
    subprocess.run(command[1], shell=True, cwd=office.folder, check=True)  # noqa: S602 - as typed


def test_an_unsaved_link_in_the_place_of_a_folder_is_kept_by_one_move(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    """Row 334 (L: SYNC-LINK-HERE): git can add nothing beyond a link."""
    mine, other = two
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "2026.txt").write_text("precious\n")
    (other.folder / ".git/info/exclude").write_text("*.mine\n")
    linked(other, "newdir", str(outside))
    mine.write("newdir/2026.txt", "theirs\n")
    save(mine)
    assert mine.call("sync").code == 0

    mended(other, "SYNC-LINK-HERE")

    answer = other.call("sync")
    assert answer.code == 0, answer
    assert other.text("newdir/2026.txt") == "theirs\n"
    assert (other.folder / "newdir.mine").readlink() == outside
    assert (outside / "2026.txt").read_text() == "precious\n"


def edit_there(mine: Office, other: Office) -> None:
    mine.write("f1", "theirs\n")
    linked(other, "f1", "f2")


def both(mine: Office, other: Office) -> None:
    linked(mine, "ln", "f2")
    linked(other, "ln", "f3")


def new_by_both(mine: Office, other: Office) -> None:
    linked(mine, "newl", "f2")
    linked(other, "newl", "f3")


def folder_here(mine: Office, other: Office) -> None:
    linked(mine, "dirl", "f2")
    other.write("dirl/q", "mine\n")


def folder_there(mine: Office, other: Office) -> None:
    (mine.folder / "f3").unlink()
    mine.write("f3/k", "theirs\n")
    linked(other, "f3", "f2")


CASES: Mapping[Callable[[Office, Office], None], str] = {
    edit_there: "f1", both: "ln", new_by_both: "newl", folder_here: "dirl", folder_there: "f3",
}  # fmt: skip


@pytest.mark.parametrize("change", CASES)
@pytest.mark.parametrize("words", [(), ("--theirs",)])
def test_a_link_that_both_changed_is_decided_by_what_is_said(
    two: tuple[Office, Office], change: Callable[[Office, Office], None], words: tuple[str, ...]
) -> None:
    """Row 335 (L: SYNC-LINK-BOTH): its mend led to itself, for ever."""
    mine, other = two
    name = CASES[change]
    change(mine, other)
    for office in two:
        save(office)
    assert mine.push("main")[0] == 0
    (other.folder / ".git/info/exclude").write_text("*.mine\n")
    was = (other.folder / name).is_symlink()

    mended(other, "SYNC-LINK-BOTH", *words)

    answer = other.call("sync")
    assert answer.code == 0, answer
    assert mine.git("rev-parse", f"HEAD:{name}") == other.git("rev-parse", f"HEAD:{name}")
    assert (other.folder / f"{name}.mine").is_symlink() is was
    assert other.status == ""
