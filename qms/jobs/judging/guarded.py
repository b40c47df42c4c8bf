"""Which branches a gate guards: the one it was put in for, and each that a policy on it names.

A trunk that moved stays guarded for good. Were the old one free, whoever takes it back behind the
policy that moved it would make that policy's trunk anybody's again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

from qms.domain.kinds.recorded import PolicyEntry
from qms.findings import refused
from qms.jobs.dangers.trunk_names import can_be_branch
from qms.jobs.judging.admission import standing
from qms.storage.repository import Repository

BRANCH = "refs/heads/"
Tips = Callable[[str], Iterable[str]]
"""The commits that a branch is at, or may be at soon, by its full name; none where it isn't."""


class Guard(NamedTuple):
    """A guarded branch; `source` is the one whose policy `entry` names it, None for the first."""

    ref: str
    source: str | None = None
    entry: PolicyEntry | None = None


@dataclass(frozen=True, slots=True)
class Guards:
    """All guarded branches by their full names, and the `trunk` that people work by now."""

    by_name: Mapping[str, Guard]
    trunk: str

    def of(self, ref: str) -> Guard | None:
        """What guards `ref`; None for a working branch, and for what is no branch.

        On a disk that is blind for case another spelling would be the trunk's own file.
        """
        like = (one for one in self.by_name.values() if one.ref.casefold() == ref.casefold())
        return self.by_name.get(ref) or next(like, None)

    @property
    def names(self) -> tuple[str, ...]:
        """The short names, in the order in which they were named."""
        return tuple(one.ref.removeprefix(BRANCH) for one in self.by_name.values())


def guards(repository: Repository, named: str, tips: Tips) -> Guards:
    """The branches guarded where the gate was put in for `named` and branches are at `tips`.

    Of several tips of a branch each counts: whichever of them it comes to be at, what is guarded
    then is guarded here. A policy on a branch that does not hold what named it says nothing:
    somebody took the name. Raises what reading a commit's policies does.
    """
    first = Guard(repository.meant(BRANCH + named))
    found = {first.ref: first}
    newest: dict[str, str] = {}
    # Each policy that names a branch is asked for there: which of them stands where may differ.
    waiting, asked = [first], set[tuple[str, str]]()
    read = cache(partial(policies, repository))
    while waiting:
        one = waiting.pop(0)
        lines = (read(commit) for commit in tips(one.ref))
        for entry in (entry for line in lines if holds(one, line) for entry in line):
            if not can_be_branch(entry.policy.trunk):
                continue  # nothing can ever come there: what was the trunk stays it
            ref = newest[one.ref] = repository.meant(BRANCH + entry.policy.trunk)
            guard = Guard(ref, one.ref, entry)
            found.setdefault(ref, guard)
            if ref != first.ref and (ref, entry.content) not in asked:
                asked.add((ref, entry.content))
                waiting.append(guard)
    trunk, seen = first.ref, {first.ref}
    while (following := newest.get(trunk, trunk)) not in seen and following in newest:
        trunk = following
        seen.add(trunk)
    return Guards(found, trunk)


def now_at(repository: Repository, ref: str) -> tuple[str, ...]:
    """The commit that a branch is at, as `Tips`."""
    found = repository.named(ref)
    return () if found is None else (found,)


def policies(repository: Repository, commit: str | None) -> tuple[PolicyEntry, ...]:
    """The policies that stand at a commit; none where there is none."""
    return () if commit is None else standing(repository, repository.tree(commit)).line


def holds(guard: Guard, line: Iterable[PolicyEntry]) -> bool:
    """Whether the policy that named a branch stands in the `line` of its own."""
    return guard.entry is None or any(one.content == guard.entry.content for one in line)


def calls_itself(repository: Repository, ref: str, commit: str | None) -> bool:
    """Whether the newest policy at a branch's `commit` calls that branch the trunk."""
    line = policies(repository, commit)
    return bool(line) and BRANCH + line[-1].policy.trunk == ref


def guards_here(repository: Repository, named: str) -> Guards:
    """What a gate that is put in for `named` will guard now.

    Raises `Refused` TRUNK-OTHER where that branch isn't there, and another one has a policy that
    calls it the trunk: what people work by would lie open.
    """
    if repository.named(repository.meant(BRANCH + named)) is None:
        for ref in repository.branches():
            if calls_itself(repository, ref, repository.named(ref)):
                raise refused("TRUNK-OTHER", branch=ref.removeprefix(BRANCH), trunk=named)
    return guards(repository, named, partial(now_at, repository))
