"""Names that wait at a shared repository for the commit whose first digits they are."""

import re
import time
from pathlib import Path

import pytest

from qms.testing.office import Office


def tip(office: Office, server: Path) -> str:
    return office.git("--git-dir", str(server), "rev-parse", "refs/heads/main")


@pytest.mark.parametrize("form", ["refs/tags/{:.7}", "refs/heads/{:.19}", "refs/tags/v1-3-g{:.8}"])
@pytest.mark.parametrize("where", ["main", "work"])
@pytest.mark.parametrize("how", ["taken away", "anew"])
def test_what_waits_for_a_commit_of_its_name_is_told_when_that_comes(
    drafted: Office, server: Path, form: str, where: str, how: str
) -> None:
    """Row 208 (R: REF-SHADOWS-COMMIT): it was pushed when no commit was called so yet."""
    drafted.git("commit", "-q", "--allow-empty", "-m", "First")
    drafted.edit("documents/work-instruction/LX-WI-01.md", "title: 车床", "title: 车床二")
    drafted.git("commit", "-qam", "Second")
    commit = drafted.git("rev-parse", "HEAD" if how == "anew" else "HEAD~1")
    ref = form.format(commit)
    # git gives the server only what the ref is at, so it knows no such commit yet
    assert drafted.push(f"{tip(drafted, server)}:{ref}") == (0, "")

    code, said = drafted.push(f"HEAD:refs/heads/{where}")

    assert (code != 0, "REF-SHADOWS-COMMIT" in said, commit in said) == (True, True, True), said
    taken = re.search(r"git push origin --delete [^`]+", said)
    anew = re.search(r"git commit --amend [^`]+", said)
    assert taken is not None
    assert anew is not None
    time.sleep(1.1)  # a commit that is made anew in the same second is the same one
    drafted.git(*(anew if how == "anew" else taken)[0].split()[1:])
    assert drafted.push(f"HEAD:refs/heads/{where}") == (0, "")


def test_a_commit_takes_its_own_name_along(drafted: Office, server: Path) -> None:
    """REF-SHADOWS-COMMIT is for another one's."""
    drafted.git("commit", "-q", "--allow-empty", "-m", "First")
    commit = drafted.git("rev-parse", "HEAD")
    refs = (f"{commit}:refs/heads/work", f"{commit}:refs/tags/{commit[:9]}")

    assert drafted.push(*refs)[0] == 0
    assert drafted.push("HEAD:main") == (0, "")
    assert tip(drafted, server) == commit
