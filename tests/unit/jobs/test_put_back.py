"""What undoes an old state that was put back, whichever commit did it."""

import subprocess
from pathlib import Path

from qms.findings import Finding, Place, Reason
from qms.jobs.judging.put_back import with_undoing
from qms.storage.repository import Repository

PATH = "released/a.md"


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@qms.invalid")
    done = subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_of_a_merge_the_side_that_was_lost_is_brought_back(tmp_path: Path) -> None:
    """ROLLBACK: `git revert` asks which parent was right."""
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "begin")
    git(tmp_path, "switch", "-q", "-c", "side")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "side")
    git(tmp_path, "switch", "-q", "main")
    (tmp_path / "released").mkdir()
    (tmp_path / PATH).write_text("signed\n", "utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "release")
    git(tmp_path, "switch", "-q", "side")
    git(tmp_path, "merge", "-q", "-s", "ours", "--no-edit", "main")
    merge = git(tmp_path, "rev-parse", "HEAD")

    with Repository.find(tmp_path) as repository:
        lost = Finding("ROLLBACK", Place(PATH, commit=merge), reason=Reason.PUT_BACK)
        (told,) = with_undoing(repository, [lost], merge)
    git(tmp_path, *str(told.values["restore"]).split()[1:])

    assert (tmp_path / PATH).read_text("utf-8") == "signed\n"


def test_what_the_pushed_history_never_had_is_united_with_it(tmp_path: Path) -> None:
    """ROLLBACK at the gate: the trunk has a commit that a push by force leaves out."""
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "begin")
    first = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "release")
    second = git(tmp_path, "rev-parse", "HEAD")

    with Repository.find(tmp_path) as repository:
        lost = Finding("ROLLBACK", Place(PATH, commit=second), reason=Reason.PUT_BACK)
        (told,) = with_undoing(repository, [lost], first)

    assert told.values["restore"] == "qms sync"
