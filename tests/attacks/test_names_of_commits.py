"""Names of commits that somebody else can push a tag for, to where people type or paste them."""

from collections.abc import Callable

import pytest

from qms.testing import DocsRepo
from qms.testing.office import Answer, Office

SHEET = "released/instruction/LX-WI-01/A-0.md"
TRUNK = "refs/remotes/origin/main"
BRANCHES = {
    "origin/main": TRUNK,
    "main": "refs/heads/main",
    "origin": "refs/remotes/origin/HEAD",
    "origin/HEAD": "refs/remotes/origin/HEAD",
    "heads/main": "refs/heads/main",
}


@pytest.fixture
def step(repo: DocsRepo) -> Callable[[str], Answer]:
    """Judges the step from what is typed to a commit that changes a released text."""
    repo.lay_out()
    git = repo.history.git
    good = repo.tip
    for name in (TRUNK, "refs/heads/main"):
        git("update-ref", name, good)
    git("symbolic-ref", "refs/remotes/origin/HEAD", TRUNK)
    text = (repo.path / SHEET).read_bytes().replace("正文".encode(), "证文".encode())
    bad = repo.commit("Attack", {SHEET: text})
    git("update-ref", "--no-deref", "refs/heads/bad", bad)
    git("update-ref", "refs/heads/main", good)
    office = Office(repo.path, repo.path.parent / "keys", repo.now)
    return lambda typed: office.call("check", "--step", typed, bad)


@pytest.mark.parametrize(("typed", "branch"), BRANCHES.items())
def test_a_pushed_tag_does_not_say_where_a_step_begins(
    repo: DocsRepo, step: Callable[[str], Answer], typed: str, branch: str
) -> None:
    """Row 150 (R: NAME-AMBIGUOUS, DOC-CHANGED): a tag called like the trunk, at the bad commit."""
    assert step(typed).findings == ("DOC-CHANGED",)
    repo.history.git("update-ref", f"refs/tags/{typed}", "refs/heads/bad")

    answer = step(typed)

    assert (answer.code, answer.findings) == (1, ("NAME-AMBIGUOUS",)), answer
    assert f"{branch}, refs/tags/{typed}" in answer.err
    assert f"`{branch}`" in answer.err
    assert step(branch).findings == ("DOC-CHANGED",)


@pytest.mark.parametrize("ref", ["refs/tags/{}", "refs/remotes/{}", "refs/heads/{}"])
@pytest.mark.parametrize("digits", [7, 12, 39])
def test_neither_an_id_nor_what_is_called_like_one_wins(
    repo: DocsRepo, step: Callable[[str], Answer], ref: str, digits: int
) -> None:
    """Row 151 (R: NAME-AMBIGUOUS): a ref called like the first digits of the commit before."""
    good = repo.history.git("rev-parse", TRUNK).decode().strip()
    short = good[:digits]
    assert step(short).findings == ("DOC-CHANGED",)
    repo.history.git("update-ref", ref.format(short), "refs/heads/bad")

    answer = step(short)

    assert (answer.code, answer.findings) == (1, ("NAME-AMBIGUOUS",)), answer
    assert good in answer.err
    assert step(good).findings == ("DOC-CHANGED",)


def test_a_tag_as_git_describes_a_commit_is_no_other_one(
    repo: DocsRepo, step: Callable[[str], Answer]
) -> None:
    """Row 151 (R: NAME-AMBIGUOUS): git takes the tag, and without it the commit."""
    good = repo.history.git("rev-parse", TRUNK).decode().strip()
    name = f"v1-3-g{good[:8]}"
    repo.history.git("update-ref", f"refs/tags/{name}", good)
    assert step(name).findings == ("DOC-CHANGED",)
    repo.history.git("update-ref", f"refs/tags/{name}", "refs/heads/bad")

    answer = step(name)

    assert (answer.code, answer.findings) == (1, ("NAME-AMBIGUOUS",)), answer
    assert good in answer.err


def test_full_names_are_themselves_or_nothing(
    repo: DocsRepo, step: Callable[[str], Answer]
) -> None:
    """Row 150 (R: DOC-CHANGED): tags called like HEAD, a full name and a whole id play no part."""
    git = repo.history.git
    good = git("rev-parse", TRUNK).decode().strip()
    for name in ("HEAD", TRUNK, good, "FETCH_HEAD"):
        git("update-ref", f"refs/tags/{name}", "refs/heads/bad")

    for typed in ("HEAD", "@", TRUNK, good):
        assert step(typed).findings == ("DOC-CHANGED",), typed
    for typed in ("FETCH_HEAD", "refs/remotes/origin/none"):
        assert step(typed).findings == ("NO-COMMIT",), typed
