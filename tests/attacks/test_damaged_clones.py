"""Clones whose git folder is damaged, or set up oddly: each is told, and none is taken for new."""

import pytest

from qms.testing import DocsRepo
from qms.testing.office import Office


@pytest.mark.parametrize(
    "setting", ["core.hooksPath", "core.excludesFile", "core.attributesFile", "include.path"]
)
def test_a_setting_that_names_a_file_of_the_home_folder_breaks_nothing(
    repo: DocsRepo, setting: str
) -> None:
    repo.lay_out()
    repo.history.git("config", setting, "~/somewhere")

    for command in ("check", "list", "verify"):
        assert repo.qms(command).code == 0


@pytest.mark.parametrize("text", ["garbled\n", "ref: nowhere\n", "\x00" * 40])
@pytest.mark.parametrize("name", ["packed-refs", "HEAD", "refs/heads/main"])
def test_a_name_that_is_damaged_is_not_called_a_new_repo(
    repo: DocsRepo, name: str, text: str
) -> None:
    git_dir = repo.lay_out() / ".git"
    if name == "packed-refs":
        (git_dir / "refs/heads/main").unlink(missing_ok=True)
    (git_dir / name).write_text(text, encoding="ascii")

    for command in ("verify", "check", "list"):
        answer = Office(repo.path, repo.path.parent / "keys", repo.now).call(command)
        assert (answer.code, answer.findings) == (3, ("REF-BROKEN",)), answer


def test_a_branch_without_a_commit_is_told_from_a_new_repo(repo: DocsRepo) -> None:
    """`git switch --orphan`: nobody could tell what is new there, or lost."""
    repo.lay_out()
    repo.history.git("symbolic-ref", "HEAD", "refs/heads/elsewhere")

    for command in (("check",), ("check", "--all"), ("verify",), ("list",), ("todo",)):
        answer = Office(repo.path, repo.path.parent / "keys", repo.now).call(*command)
        assert (answer.code, answer.findings) == (3, ("HEAD-ORPHAN",)), (command, answer)


@pytest.mark.parametrize("data", [b"gitdir: a\0b\n", b"\xff\xfe\n", b"a\0b\n"])
@pytest.mark.parametrize("name", ["commondir", "MERGE_HEAD", "shallow"])
def test_what_is_no_text_in_the_git_folder_has_a_code(
    repo: DocsRepo, name: str, data: bytes
) -> None:
    (repo.lay_out() / ".git" / name).write_bytes(data)

    for command in ("verify", "check", "list", "doctor"):
        answer = Office(repo.path, repo.path.parent / "keys", repo.now).call(command)
        assert answer.code in (0, 1, 3), answer
        assert "a fault in qms" not in answer.err


def test_a_git_file_that_is_no_path_has_a_code(repo: DocsRepo) -> None:
    git_dir = repo.lay_out() / ".git"
    git_dir.rename(repo.path / "elsewhere")
    git_dir.write_bytes(b"gitdir: a\0b\n")

    answer = Office(repo.path, repo.path.parent / "keys", repo.now).call("list")

    assert (answer.code, answer.findings) == (3, ("REF-BROKEN",)), answer


def test_settings_without_end_are_not_read(repo: DocsRepo) -> None:
    with (repo.lay_out() / ".git" / "config").open("ab") as config:
        config.write(b"# nothing\n" * 500_000)

    for command in ("list", "verify", "check"):
        answer = Office(repo.path, repo.path.parent / "keys", repo.now).call(command)
        assert (answer.code, answer.findings) == (3, ("SETTINGS-UNREADABLE",)), answer
