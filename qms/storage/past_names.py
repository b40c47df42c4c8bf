"""Names that stood in some commit and were taken away: nothing of the kind is given again."""

from collections.abc import Iterable

from qms.storage.repository import Repository


def taken_away(repository: Repository, tips: Iterable[str], *folders: str) -> frozenset[str]:
    """Paths below some folders that some commit, which a tip descends from, has taken away.

    By git's plumbing alone: `log` would run what a repo's own settings name for signatures.
    """
    commits = repository.aside.run("rev-list", *dict.fromkeys(tips))
    if not commits:
        return frozenset()
    found = repository.aside.run(
        "diff-tree", "--stdin", "-r", "-m", "-z", "--no-commit-id", "--no-renames",
        "--name-only", "--diff-filter=D", "--",
        *(f":(literal){one}" for one in folders),
        stdin=commits,
    )  # fmt: skip
    return frozenset(path.decode("utf-8", "replace") for path in found.split(b"\0") if path)
