"""Beginning: `qms init` in a folder that is nothing yet makes it a repo with the template."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.resources import template_folder
from qms.testing.office import Office


@pytest.fixture
def empty(tmp_path: Path) -> Office:
    """An empty folder, outside of any repo."""
    office = Office(tmp_path / "docs", tmp_path / "keys")
    office.folder.mkdir()
    return office


def names(office: Office) -> list[str]:
    """What lies in the folder."""
    return sorted(path.name for path in office.folder.iterdir())


def test_an_empty_folder_becomes_a_repo_with_the_template(empty: Office) -> None:
    answer = empty.call("init")

    assert answer.code == 0, answer
    assert f"No git repository yet: git init -b main {empty.folder}\n" in answer.out
    template = {path.name for path in template_folder().iterdir()}
    assert set(names(empty)) == template | {".git"}
    assert empty.git("symbolic-ref", "--short", "HEAD") == "main"
    assert empty.call("check").findings == ("NO-POLICY",)


def test_it_is_said_in_chinese_too(empty: Office) -> None:
    told = empty.call("init", lang="zh").out

    assert f"此处还不是 git 仓库：git init -b main {empty.folder}\n" in told


def test_a_dry_run_makes_nothing(empty: Office) -> None:
    answer = empty.call("init", "--dry-run")

    assert answer.code == 0, answer
    assert "git init" in answer.out
    assert names(empty) == []


def test_a_folder_inside_a_repo_makes_no_other(empty: Office) -> None:
    empty.git("init", "-q", "-b", "main")
    inside = empty.folder / "inside"
    inside.mkdir()

    answer = Office(inside, empty.keys).call("init")

    assert "git init" not in answer.out
    assert list(inside.iterdir()) == []
    assert "people.yaml" in names(empty)


def unsigned(office: Office) -> None:
    office.write("people.yaml", "persons: []\n")


def no_room_for_the_documents(office: Office) -> None:
    office.write("documents", "a file in their place\n")


@pytest.mark.parametrize(
    ("given", "code"),
    [(unsigned, 1), (no_room_for_the_documents, 3)],
    ids=["unsigned", "no room"],
)
def test_nothing_half_made_stays_where_it_fails(
    empty: Office, given: Callable[[Office], None], code: int
) -> None:
    given(empty)
    before = names(empty)

    answer = empty.call("init")

    assert answer.code == code, answer
    assert "a fault in qms" not in answer.err
    assert names(empty) == before


def test_what_is_left_of_another_repo_is_not_touched(empty: Office) -> None:
    empty.write(".git/objects/pack/keep", "what can still be saved\n")

    answer = empty.call("init")

    assert (answer.code, answer.findings) == (3, ("NO-REPO",))
    assert names(empty) == [".git"]
    assert empty.text(".git/objects/pack/keep") == "what can still be saved\n"
    assert not (empty.folder / ".git/HEAD").exists()


def test_git_may_fail(empty: Office) -> None:
    empty.environment["HOME"] = str(empty.folder)
    empty.write(".gitconfig", "[core\n")

    answer = empty.call("init")

    assert (answer.code, answer.findings) == (3, ("GIT-FAILED",))
    assert names(empty) == [".gitconfig"]
