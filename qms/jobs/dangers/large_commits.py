"""Commits that nobody writes: a message of some hundred megabytes.

History is read as git reads it, or whoever got one in once would end every verification for ever.
So it is kept out, where somebody can still refuse it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from qms.findings import Finding, Place
from qms.storage.commits import Commit

LARGEST: Final = 1024 * 1024
"""Bytes of a commit that a step may bring."""


def large_commits(commits: Iterable[Commit], size: Callable[[str], int]) -> Iterator[Finding]:
    """COMMIT-LARGE for each commit of a step that is larger than any that somebody would write."""
    for commit in commits:
        found = size(commit.id)
        if found > LARGEST:
            values = {
                "commit": commit.id[:12],
                "whole": commit.id,
                "found": str(found),
                "limit": str(LARGEST),
            }
            yield Finding("COMMIT-LARGE", Place(commit=commit.id), values, commit.id)
