"""A received folder whose files beside the objects were made to fill memory and time.

Each command runs as a process of its own, as a user's does, and must end in time and in memory,
with a code; what the code says to do then ends it.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.formats import caps
from qms.formats.tree import FILE
from qms.testing import DocsRepo
from qms.testing.bounded import qms_within as qms
from qms.testing.planted import chained, planted

HUGE = 6 << 30
READING = ("list", "check", "verify")
DRAFT = "documents/instruction/LX-WI-03.md"


def sparse(path: Path, head: bytes = b"#") -> None:
    """A file of six gigabytes that takes a page of the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(HUGE)


def including(git_dir: Path, ways: int, depth: int, last: bytes) -> None:
    """Settings each of which includes the next `ways` times."""
    for level in range(depth):
        text = f"[include]\n\tpath = more{level + 1}\n" * ways
        (git_dir / f"more{level}").write_text(text, encoding="ascii")
    (git_dir / f"more{depth}").write_bytes(last)
    with (git_dir / "config").open("a", encoding="ascii") as config:
        config.write("[include]\n\tpath = more0\n")


def including_without_end(git_dir: Path) -> None:
    including(git_dir, 60, 7, b"[a]\n\tb = c\n")


def including_much(git_dir: Path) -> None:
    including(git_dir, 45, 2, b"[a]\n\tb = " + b"y" * 1_000_000 + b"\n")


def including_many(git_dir: Path) -> None:
    including(git_dir, 1, 1, b"[a]\n" + b"".join(b"x%d\n" % at for at in range(3_000_000)))


def including_a_sparse_one(git_dir: Path) -> None:
    including(git_dir, 1, 0, b"")
    sparse(git_dir / "more0")


@pytest.mark.long
@pytest.mark.parametrize(
    "make", [including_without_end, including_much, including_many, including_a_sparse_one]
)
def test_settings_that_include_more_than_anybody_reads_are_named(
    repo: DocsRepo, make: Callable[[Path], None]
) -> None:
    """Row 190 (L)"""
    git_dir = repo.lay_out() / ".git"
    before = (git_dir / "config").read_bytes()
    make(git_dir)

    for command in ("list", "check"):
        status, said = qms(repo.path, command)
        assert (status, "SETTINGS-UNREADABLE" in said) == (3, True), said
        assert f"{git_dir}/config" in said
    (git_dir / "config").write_bytes(before)
    assert qms(repo.path, "check")[0] == 0


def test_settings_of_a_second_work_tree_without_end_are_named(repo: DocsRepo) -> None:
    """Row 191 (LV)"""
    repo.lay_out()
    repo.history.git("config", "extensions.worktreeConfig", "true")
    sparse(repo.path / ".git" / "config.worktree")

    for command in READING:
        status, said = qms(repo.path, command)
        assert (status, "SETTINGS-UNREADABLE" in said) == (3, True), said


PROGRAMS = {
    "many": "".join(f'[filter "x{at}"]\nclean = x\n' for at in range(60_000)),
    "long": f'[hook "{"x" * 140_000}"]\nevent = x\n',
}


@pytest.mark.long
@pytest.mark.parametrize("sections", PROGRAMS.values(), ids=PROGRAMS)
def test_programs_that_are_too_many_to_switch_off_are_named(repo: DocsRepo, sections: str) -> None:
    """Row 192 (L): git is handed what switches them off, and a system bounds that."""
    with (repo.lay_out() / ".git" / "config").open("a", encoding="ascii") as config:
        config.write(sections)
    repo.edit(DRAFT, repo.read(DRAFT) + b"x\n")
    repo.history.git("checkout", "-q", "--orphan", "other")

    for command in ("list", "check"):
        status, said = qms(repo.path, command)
        assert (status, "SETTINGS-UNREADABLE" in said) == (3, True), said


def test_the_users_own_settings_may_be_many(repo: DocsRepo, tmp_path: Path) -> None:
    lines = "".join(
        f"\tkey{at} = somebody has a hundred thousand settings\n" for at in range(100_000)
    )
    own = tmp_path / "settings"
    own.write_text(f"[many]\n{lines}[include]\n\tpath = other\n", encoding="ascii")
    (tmp_path / "other").write_text('[filter "lfs"]\n\tclean = git-lfs\n', encoding="ascii")
    environment = os.environ | {"GIT_CONFIG_GLOBAL": str(own)}
    repo.lay_out()

    for command in READING:
        status, said = qms(repo.path, command, environment=environment)
        assert status == 0, said


def test_the_users_own_settings_without_end_are_not_laid_at_the_clones_door(
    repo: DocsRepo, tmp_path: Path
) -> None:
    own = tmp_path / "settings"
    including(tmp_path, 60, 7, b"")
    (tmp_path / "config").rename(own)
    repo.lay_out()

    status, said = qms(repo.path, "list", environment=os.environ | {"GIT_CONFIG_GLOBAL": str(own)})

    assert (status, "SETTINGS-UNREADABLE" in said, str(own) in said) == (3, True, True), said


@pytest.mark.parametrize("name", [".gitattributes", ".git/info/attributes"])
def test_attributes_without_end_are_not_read(repo: DocsRepo, name: str) -> None:
    """Row 193 (L): nobody knows what they convert, so every governed file is looked at."""
    tracked = repo.lay_out() / name
    sparse(tracked)

    for command in ("list", "check", "check --all"):
        status, said = qms(repo.path, *command.split())
        assert status == int(name == ".gitattributes" and command != "list"), said
        assert "POLICY-FILE" in said or not status


@pytest.mark.parametrize("name", [".gitignore", "assets/.gitignore"])
def test_a_file_of_patterns_without_end_ends_with_a_code(repo: DocsRepo, name: str) -> None:
    """Row 193 (L)"""
    sparse(repo.lay_out() / name)
    (repo.path / "assets" / "new.txt").write_bytes(b"x\n")

    for command in ("list", "check"):
        status, said = qms(repo.path, command)
        assert (status, "WORK-TREE-LIMIT" in said) == (3, True), said
    named = subprocess.run(
        ["find", ".", "-name", ".git[ai]*", "-size", "+1M"],
        cwd=repo.path, capture_output=True, check=True, encoding="utf-8",
    ).stdout.split()  # fmt: skip
    assert named == [f"./{name}"], "as the mend says"
    (repo.path / name).unlink()
    assert qms(repo.path, "list")[0] == 0


LISTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "commondir": ("commondir", sparse),
    "HEAD": ("HEAD", sparse),
    "line ends in shallow": ("shallow", lambda path: path.write_bytes(b"\n" * (200 << 20))),
    "ids in shallow": ("shallow", lambda path: path.write_bytes((b"1" * 40 + b"\n") * (5 << 20))),
    "line ends in MERGE_HEAD": ("MERGE_HEAD", lambda path: path.write_bytes(b"\n" * (200 << 20))),
}


@pytest.mark.parametrize(("name", "make"), LISTS.values(), ids=LISTS)
def test_what_names_a_folder_or_commits_is_read_to_its_bound(
    repo: DocsRepo, name: str, make: Callable[[Path], object]
) -> None:
    """Row 194 (LV)"""
    make(repo.lay_out() / ".git" / name)

    for command in ("check",) if name == "MERGE_HEAD" else READING:
        status, said = qms(repo.path, command)
        assert (status, "REF-BROKEN" in said) == (3, True), said


@pytest.mark.long
@pytest.mark.parametrize("line", [b"#\n", b"0 x\n"])
def test_lines_of_packed_names_are_not_all_held_at_once(repo: DocsRepo, line: bytes) -> None:
    """Row 194 (LV): a hundred bytes of memory for each were 8 GB."""
    git_dir = repo.lay_out() / ".git"
    (git_dir / "packed-refs").write_bytes(line * ((120 << 20) // len(line)))
    (git_dir / "HEAD").write_bytes(b"ref: refs/heads/none\n")

    for command in READING:
        status, said = qms(repo.path, command)
        assert status == 3, said
        assert "a fault in qms" not in said
        assert "qms 的缺陷" not in said


@pytest.mark.parametrize("name", ["commondir", ".git"])
def test_a_link_that_leads_back_to_itself_names_no_folder(repo: DocsRepo, name: str) -> None:
    """Row 195 (LV)"""
    git_dir = repo.lay_out() / ".git"
    if name == ".git":
        git_dir.rename(repo.path / "elsewhere")
        (repo.path / "ring").symlink_to("ring")
        git_dir.write_bytes(b"gitdir: ring\n")
    else:
        (git_dir / "ring").symlink_to("ring")
        (git_dir / name).write_bytes(b"ring\n")

    for command in READING:
        status, said = qms(repo.path, command)
        code = "NO-REPO" if name == ".git" else "SETTINGS-UNREADABLE"
        assert (status, code in said) == (3, True), said


def test_folders_deeper_than_python_goes_are_walked(repo: DocsRepo) -> None:
    """Row 195 (L)"""
    ignored = repo.lay_out() / "documents" / "x"
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "exclude").write_text("documents/x/\n", encoding="ascii")
    ignored.mkdir()
    here = os.open(ignored, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("a", dir_fd=here)
        here, above = os.open("a", os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(here)

    answers = [qms(repo.path, command) for command in ("list", "check")]

    subprocess.run(["rm", "-rf", ignored], check=True)  # Python's own way calls itself too
    assert [status for status, _ in answers] == [0, 0], answers


@pytest.mark.long
def test_only_a_few_halves_of_an_index_are_shown_to_git(repo: DocsRepo) -> None:
    """Row 196 (LV): 200,000 empty files took more than a minute."""
    git_dir = repo.lay_out() / ".git"
    for at in range(200_000):
        (git_dir / f"sharedindex.{at:040x}").touch()

    for command in READING:
        assert qms(repo.path, command)[0] == 0


@pytest.mark.long  # git works for its fifteen seconds
def test_a_chain_of_differences_ends_with_a_code(repo: DocsRepo) -> None:
    """Row 197 (LRV): two megabytes, at which git works for minutes."""
    repo.history.flush()
    old = repo.tip
    blob = chained(repo.path, b"x" * (caps.BLOB - 1), 60_000)
    tip = planted(repo.path, old, DRAFT, FILE, blob)
    repo.history.git("update-ref", f"refs/heads/{repo.branch_name}", tip)

    for command in (("verify", "--root", repo.root), ("check", "--step", old, tip)):
        status, said = qms(repo.path, *command)
        assert (status, "GIT-LIMIT" in said) == (3, True), said
