"""The builder writes what the commands write, and knows what git knows."""

from pathlib import Path

import pytest

from qms.formats.tree import SYMLINK
from qms.testing import DocsRepo, Told

SHEET = "LX-WI-01"


@pytest.fixture
def repo(tmp_path: Path) -> DocsRepo:
    return DocsRepo.make(tmp_path / "repo")


def test_acts_leave_the_bytes_that_commands_leave(repo: DocsRepo) -> None:
    repo.draft(SHEET)
    repo.commit("Draft")
    for act, person in (("submit", "sun.ba"), ("sign", "li.si")):
        start, began = repo.tip, repo.now
        repo.branch(f"built-{act}")
        _ = repo.submit(SHEET) if act == "submit" else repo.sign(SHEET)
        built = repo.read(repo.working_path(SHEET))
        repo.checkout("main")
        repo.now = began

        answer = repo.qms(act, SHEET, by=person)

        assert answer.code == 0, answer.err
        assert repo.tip != start
        assert repo.read(repo.working_path(SHEET)) == built


def test_the_builder_goes_on_where_a_command_ended(repo: DocsRepo) -> None:
    repo.draft(SHEET)
    repo.commit("Draft")
    repo.qms("submit", SHEET, by="sun.ba")

    repo.release(SHEET)

    assert repo.verify() == []
    assert [one.revision for one in repo.released(SHEET)] == ["A/0"]


def test_history_is_the_one_that_git_sees(repo: DocsRepo) -> None:
    repo.release(SHEET)
    repo.branch("work")
    repo.release(SHEET)
    repo.checkout("main")
    repo.release("LX-WI-02")
    repo.merge("work", swap=True)

    listed = repo.git("ls-tree", "-r", "--name-only", "HEAD").splitlines()
    parents = repo.git("log", "-1", "--format=%P").split()

    assert sorted(listed) == sorted(repo.files)
    assert parents == [repo.history.branches["work"], parents[1]]
    assert (
        repo.history.merge_base("work" and parents[0], parents[1])
        == repo.git("merge-base", *parents).strip()
    )
    repo.git("fsck", "--strict")


def test_files_of_older_commits_stay_as_they_were(repo: DocsRepo) -> None:
    repo.write("a", b"1")
    first = repo.commit()
    repo.write("a", b"2")
    repo.delete("qms.yaml")
    repo.commit()

    assert repo.history.files(first)["a"].data == b"1"
    assert "qms.yaml" in repo.history.files(first)
    assert "qms.yaml" not in repo.files


def test_edits_of_the_work_tree_stay_until_the_next_commit(repo: DocsRepo) -> None:
    repo.release(SHEET)
    path = repo.working_path(SHEET)

    repo.edit(path, repo.read(path).replace("正文".encode(), "假文".encode()))
    repo.edit("documents/instruction/LX-WI-09.md", b"instruction", SYMLINK)

    assert sorted(repo.check()) == [
        Told("BAD-MODE", "documents/instruction/LX-WI-09.md"),
        Told("DOC-CHANGED", path),
    ]
    repo.commit("Nothing", files={"notes": b"1"})
    assert repo.check(whole=True) == []


def test_a_check_that_looks_at_nothing_proves_nothing(repo: DocsRepo) -> None:
    repo.release(SHEET)

    with pytest.raises(AssertionError, match="check looked at no file"):
        repo.check()

    repo.branch("work")
    repo.draft("LX-WI-02")
    repo.commit("Draft")
    assert repo.check() == []


def test_the_same_life_is_the_same_history(tmp_path: Path) -> None:
    tips = []
    for name in ("one", "other"):
        repo = DocsRepo.make(tmp_path / name)
        tips.append(repo.release(SHEET))

    assert tips[0] == tips[1]
