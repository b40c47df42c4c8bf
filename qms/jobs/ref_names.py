"""Names of refs that stand in the way of others: git takes the short name of either for both."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from qms.findings import Finding

_ID: Final = re.compile(r"[0-9a-fA-F]{12,64}")
_PLACES: Final = ("refs/heads/", "refs/tags/", "refs/remotes/", "refs/")
"""Where git looks for a short name, and `refs/` itself."""
_BRANCH: Final = _PLACES[0]


def shadowing(ref: str, guarded: Collection[str]) -> Finding | None:
    """REF-SHADOWS for a ref that a command could find instead of what somebody means by it.

    That is: a `guarded` branch, by its short name; a branch of a remote; a commit, by its id. And
    for a branch beside which git can't keep a guarded one.
    """
    for name in _short(ref):
        what = _taken_for(name)
        if what:
            return _shadows(ref, name, what)
    for branch in guarded:
        name = stands_for(ref, branch, guarded)
        if name:
            return _shadows(ref, name, _BRANCH + branch)
    return None


def stands_for(ref: str, branch: str, guarded: Collection[str]) -> str:
    """The name by which git takes a ref for that branch, or can't keep both; empty where none.

    Also one that differs by case: on a disk that is blind for that they are one file. But two
    `guarded` branches may differ so, since a policy says so.
    """
    if ref == _BRANCH + branch:
        return ""
    if ref not in {_BRANCH + one for one in guarded}:
        meant = branch.casefold(), f"heads/{branch}".casefold()
        for name in _short(ref):
            if name.casefold() in meant:
                return name
    return ref.removeprefix(_BRANCH) if _are_in_the_way(ref, _BRANCH + branch) else ""


def _shadows(ref: str, name: str, what: str) -> Finding:
    other = f"refs/{ref.split('/')[1]}/x-{name.replace('/', '-')}"
    return Finding("REF-SHADOWS", values={"ref": ref, "name": name, "what": what, "other": other})


def _short(ref: str) -> Iterator[str]:
    for place in _PLACES:
        if ref.startswith(place):
            yield ref.removeprefix(place)
            if ref.endswith("/HEAD") and place == "refs/remotes/":
                yield ref.removeprefix(place).removesuffix("/HEAD")


def _taken_for(name: str) -> str:
    if _ID.fullmatch(name) is not None or name == "HEAD":
        return name
    return f"refs/remotes/{name}" if name.startswith("origin/") else ""


def _are_in_the_way(one: str, other: str) -> bool:
    """Whether git can keep only one of two names: one of them is a folder of the other's."""
    folded = f"{one}/".casefold(), f"{other}/".casefold()
    return folded[0] != folded[1] and (
        folded[0].startswith(folded[1]) or folded[1].startswith(folded[0])
    )
