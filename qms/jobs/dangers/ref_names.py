"""Names of refs that stand in the way of others: git takes the short name of either for both.

A command that qms prints names commits by their whole ids, which no ref stands in for, and what qms
reads itself is an id or a single ref. What is left are people who type the first digits of an id
that they read: on paper, in a finding, in a list of git's.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from qms.findings import Finding
from qms.storage.repository import Repository

_ID: Final = re.compile(r"(?:.*-g)?([0-9a-fA-F]{7,64})", re.DOTALL)
"""An id or its first digits, as few as git prints, also as `git describe` puts them last."""
_ON_PAPER: Final = 20
"""So many digits stand on a printed copy: nobody calls a ref so who means no id."""
_PLACES: Final = ("refs/heads/", "refs/tags/", "refs/remotes/", "refs/")
"""Where git looks for a short name, and `refs/` itself."""
BRANCH: Final = _PLACES[0]
"""Where branches are."""
OF_GIT: Final = frozenset(
    ("HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
     "REBASE_HEAD", "BISECT_HEAD", "AUTO_MERGE")
)  # fmt: skip
"""What git calls so itself, in each clone."""


def shadowing(
    ref: str, guarded: Collection[str], commit: Callable[[str], str | None], at: str
) -> Finding | None:
    """REF-SHADOWS for a ref that a command could find instead of what somebody means by it.

    That is: a `guarded` branch, by its short name; a branch of a remote; any ref, by its full name,
    which `git push` and `git pull` look it up by; a commit other than the one that it is `at`, by
    first digits of its id, which `commit` tells. And for a branch beside which git can't keep a
    guarded one. A guarded branch itself may be called as it is: an old policy may say so.
    """
    is_guarded = ref in {BRANCH + one for one in guarded}
    for name in () if is_guarded else _short(ref):
        what = taken_for(name) or _commit_called(name, commit, at)
        if what:
            return _shadows(ref, name, what)
    for branch in guarded:
        name = stands_for(ref, branch, guarded)
        if name:
            return _shadows(ref, name, BRANCH + branch)
    return None


def stands_for(ref: str, branch: str, guarded: Collection[str]) -> str:
    """The name by which git takes a ref for that branch, or can't keep both; empty where none.

    Also one that differs by case: on a disk that is blind for that they are one file. But two
    `guarded` branches may differ so, since a policy says so.
    """
    if ref == BRANCH + branch:
        return ""
    if ref not in {BRANCH + one for one in guarded}:
        folded = branch.casefold()
        # The last one is what our mends push to: git would find two that are meant by it.
        meant = folded, f"heads/{folded}", f"refs/heads/{folded}"
        for name in _short(ref):
            if name.casefold() in meant:
                return name
    return ref.removeprefix(BRANCH) if are_in_the_way(ref, BRANCH + branch) else ""


def _shadows(ref: str, name: str, what: str) -> Finding:
    place = next((one for one in _PLACES[:-1] if ref.startswith(one)), "refs/x/")
    other = f"{place}{name.replace('/', '-')}-x"
    return Finding("REF-SHADOWS", values={"ref": ref, "name": name, "what": what, "other": other})


def standing(repository: Repository, guarded: Collection[str]) -> Iterator[tuple[Finding, str]]:
    """What is `shadowing` of the refs that a repository has, with the ids that these are at."""
    for ref, found in repository.refs():
        fault = shadowing(ref, guarded, repository.commit_id, found)
        if fault is not None:
            yield fault, found


def shadowed(
    repository: Repository, names: Iterable[str], brought: Callable[[], Iterable[str]]
) -> Iterator[Finding]:
    """REF-SHADOWS for refs that are there already, and called like a commit that only comes now.

    `brought` gives the ids of those that come; nobody asks for them where no name looks like one.
    """
    called: dict[str, list[str]] = {}
    for ref in names:
        digits = {match[1].lower() for one in _short(ref) if (match := _ID.fullmatch(one))}
        for one in digits:
            called.setdefault(one, []).append(ref)
    lengths = sorted({len(one) for one in called})
    for commit in brought() if called else ():
        for ref in (ref for size in lengths for ref in called.get(commit[:size], ())):
            if repository.commit_id(repository.named(ref) or commit) != commit:
                name = next(one for one in _short(ref) if _ID.fullmatch(one))
                yield replace(_shadows(ref, name, commit), code="REF-SHADOWS-COMMIT")


def _commit_called(name: str, commit: Callable[[str], str | None], at: str) -> str:
    """The other commit that git would find by a name, were there no such ref; empty for none."""
    match = _ID.fullmatch(name)
    if match is None:
        return ""
    found = commit(match[1].lower())
    if found is None and match[1] == name and len(name) >= _ON_PAPER:
        return name  # one that is yet to come
    return "" if found is None or found == commit(at) else found


def _short(ref: str) -> Iterator[str]:
    for place in _PLACES:
        if ref.startswith(place):
            yield ref.removeprefix(place)
            if ref.endswith("/HEAD") and place == "refs/remotes/":
                yield ref.removeprefix(place).removesuffix("/HEAD")


def taken_for(name: str) -> str:
    """What else git takes a short name for, whatever a repository has; empty for nothing else."""
    if name in OF_GIT or name.startswith("refs/"):
        return name
    if name == "origin":
        return "refs/remotes/origin/HEAD"
    return f"refs/remotes/{name}" if name.startswith("origin/") else ""


def is_called_like_an_id(name: str) -> bool:
    """Whether git would look for a commit whose id begins so."""
    return _ID.fullmatch(name) is not None


def are_in_the_way(one: str, other: str) -> bool:
    """Whether git can keep only one of two names: one of them is a folder of the other's."""
    folded = f"{one}/".casefold(), f"{other}/".casefold()
    return folded[0] != folded[1] and (
        folded[0].startswith(folded[1]) or folded[1].startswith(folded[0])
    )
