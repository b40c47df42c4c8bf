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
        what = _taken_for(name, ref, guarded)
        if what:
            other = f"refs/{ref.split('/')[1]}/x-{name.replace('/', '-')}"
            values = {"ref": ref, "name": name, "what": what, "other": other}
            return Finding("REF-SHADOWS", values=values)
    return None


def _short(ref: str) -> Iterator[str]:
    for place in _PLACES:
        if ref.startswith(place):
            yield ref.removeprefix(place)
            if ref.endswith("/HEAD") and place == "refs/remotes/":
                yield ref.removeprefix(place).removesuffix("/HEAD")


def _taken_for(name: str, ref: str, guarded: Collection[str]) -> str:
    if _ID.fullmatch(name) is not None or name == "HEAD":
        return name
    if name.startswith("origin/"):
        return f"refs/remotes/{name}"
    is_branch = ref.startswith(_BRANCH)
    for branch in guarded:
        if is_branch and are_in_the_way(name, branch):
            return _BRANCH + branch
        if not is_branch and name.casefold() in (branch.casefold(), f"heads/{branch}".casefold()):
            return _BRANCH + branch
    return ""


def are_in_the_way(one: str, other: str) -> bool:
    """Whether git can keep only one of two names: one of them is a folder of the other's."""
    folded = f"{one}/".casefold(), f"{other}/".casefold()
    return folded[0] != folded[1] and (
        folded[0].startswith(folded[1]) or folded[1].startswith(folded[0])
    )
