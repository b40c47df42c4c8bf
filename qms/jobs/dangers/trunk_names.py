"""What a new policy version may call the trunk: a branch that everybody can push to and fetch.

A version that stands is never judged by this. People may live with its name, and what is signed
holds or fails for ever by what it says.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from qms.domain.kinds.recorded import PolicyEntry
from qms.domain.register.register import Register
from qms.findings import Finding, Place
from qms.formats.tree import Tree
from qms.jobs.dangers.many_refs import LONGEST
from qms.jobs.dangers.ref_names import (
    BRANCH,
    OF_GIT,
    are_in_the_way,
    is_called_like_an_id,
    taken_for,
)

# What git takes in no branch: first of the characters that qms.yaml takes in one, then of others.
_NO_BRANCH: Final = re.compile(
    r"\.\.|//|/\.|\.lock(?=/|\Z)|/\Z|\.\Z"
    r"|[\x00-\x20\x7f~^:?*\[\\]|@\{|\A[-./]|\A\Z|\A(?:HEAD|@)\Z"
)
DEFAULT: Final = "main"
"""The trunk where nobody said otherwise."""
_PLACES: Final = re.compile(r"(?:(?:refs/)?(?:heads|remotes|tags)/|refs/|origin/)+")


def trunk_fault(name: str, earlier: Collection[str]) -> Finding | None:
    """TRUNK-NAME for what can be no trunk; `earlier` are the names of trunks so far.

    What was one already may be so further on.
    """
    found = "" if name in earlier else _fault(name, earlier)
    if not found:
        return None
    values = {"name": name, "found": found, "like": _like(name, earlier)}
    return Finding("TRUNK-NAME", Place("qms.yaml", "trunk"), values)


def trunk_of(line: Sequence[PolicyEntry]) -> str:
    """The trunk that people work by under the versions that stand.

    Of a version that calls it what git takes in no branch, as an older tool let its quorum sign,
    nothing can ever come there: they stay where they are.
    """
    names = (one.policy.trunk for one in reversed(line))
    return next((one for one in names if can_be_branch(one)), DEFAULT)


def can_be_branch(name: str) -> bool:
    """Whether git takes a branch of this name."""
    return _NO_BRANCH.search(name) is None


def new_trunks(register: Register, before: Tree, *, is_founding: bool) -> Iterator[Finding]:
    """TRUNK-NAME for versions of a register that are not in the tree `before`.

    Of a whole history that comes at once only the first: where one stands people live with it.
    """
    versions = register.policies()
    new = [one for one in versions if not _is_in(before, one)]
    if is_founding:
        new = [one for one in new if one.version == 1 and len(versions) == 1]
    known = {one.policy.trunk for one in versions if one not in new}
    for entry in new:
        fault = trunk_fault(entry.policy.trunk, known)
        if fault is not None:
            place = Place(f"{entry.folder}/qms.yaml", fault.place.field, commit=entry.commit)
            yield replace(fault, place=place)


def _is_in(tree: Tree, entry: PolicyEntry) -> bool:
    return any(tree.entry(path) is not None for path in entry.places)


def _fault(name: str, earlier: Collection[str]) -> str:
    """The part of a name, or the other name, by which it can be none; empty where it can."""
    match = _NO_BRANCH.search(name)
    if match is not None:
        return match[0]
    if len(BRANCH + name) > LONGEST:
        return f"> {LONGEST - len(BRANCH)}"
    if _PLACES.match(name) or taken_for(name) or is_called_like_an_id(name):
        return taken_for(name) or name
    return next((one for one in earlier if are_in_the_way(name, one)), "")


def _like(name: str, earlier: Collection[str]) -> str:
    """A name that would do, as near to it as there is one."""
    if name in OF_GIT:
        name = DEFAULT
    plain = _NO_BRANCH.sub("-", _PLACES.sub("", name, count=1)).strip("-./")[:100].rstrip("-./")
    flat = plain.replace("/", "-")
    for one in (plain, flat, f"{flat}-trunk", DEFAULT, "trunk"):
        if one and (one in earlier or not _fault(one, earlier)):
            return one
    return f"trunk-{len(earlier)}"
