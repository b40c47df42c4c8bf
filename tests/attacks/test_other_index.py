"""A commit out of another index than the repository's own: the hook before it judges that one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qms.testing import DocsRepo
from qms.testing.office import Office

SHEET = "released/instruction/LX-WI-01/A-0.md"


@pytest.fixture
def office(repo: DocsRepo) -> Office:
    """A clone with the hook before a commit; a changed text is staged in the index `other`."""
    repo.lay_out()
    office = Office(repo.path, repo.path.parent / "keys", repo.now)
    hook = repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{sys.executable} -P -m qms --lang en check --index >&2\n", "utf-8")
    hook.chmod(0o755)
    text = office.text(SHEET)
    office.edit(SHEET, "正文", "证文")
    office.git("add", SHEET)
    (repo.path / ".git" / "index").rename(repo.path.parent / "other")
    office.write(SHEET, text)
    office.git("read-tree", "HEAD")
    return office


def commit(office: Office, index: str, folder: str = ".") -> tuple[int, str]:
    """Exit code of a commit out of an index, and what was said."""
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-m", "Attack"],
        cwd=office.folder / folder, env={**os.environ, "GIT_INDEX_FILE": index},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize("folder", [".", "released"])
@pytest.mark.parametrize("index", ["{}", "../other"])
def test_a_commit_out_of_an_index_elsewhere_is_judged(
    office: Office, index: str, folder: str
) -> None:
    """Row 154 (L: DOC-CHANGED): its own index says that nothing differs."""
    head = office.git("rev-parse", "HEAD")

    code, said = commit(office, index.format(office.folder.parent / "other"), folder)

    assert (code, "DOC-CHANGED" in said) == (1, True), said
    assert office.git("rev-parse", "HEAD") == head


@pytest.mark.parametrize("what", ["nothing", "a folder", "a pipe", "another repository's"])
def test_what_is_no_index_of_ours_is_named(office: Office, tmp_path: Path, what: str) -> None:
    """Row 154 (L: INDEX-OTHER): it never passes for an index in which nothing is staged."""
    place = tmp_path / "index"
    if what == "a folder":
        place.mkdir()
    elif what == "a pipe":
        os.mkfifo(place)
    elif what != "nothing":
        office.git("init", "-q", str(tmp_path / "second"))
        place = tmp_path / "second" / ".git" / "index"
        (office.folder / ".git" / "index").rename(place)
        office.git("read-tree", "HEAD")
    office.environment["GIT_INDEX_FILE"] = str(place)

    for lang in ("en", "zh"):
        answer = office.call("check", "--index", lang=lang)
        assert (answer.code, "INDEX-OTHER" in answer.err) == (3, True), answer
        assert "`unset GIT_INDEX_FILE`" in answer.err

    del office.environment["GIT_INDEX_FILE"]
    assert office.call("check", "--index").code == 0
