"""Which policy versions stand: the line from version 1 to the one in force.

Versions form a tree by the version that their signatures name. Where one is followed by two, both
were signed by a quorum; which stands is told as for revisions (`library.precedence`), but only
keys that the version before the fork knows are heard, since each side could enrol its own.
Where nothing tells, the version before the fork stays in force, and what is signed must hold under
all sides: a key that one of them voids is void (trust.md 2.3).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qms.domain.library.precedence import Contender, Precedence
from qms.domain.register.everything_signed import views
from qms.domain.register.policies import about_policy, settles
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.source import TreeSource
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, Reason
from qms.formats.slots import Statement
from qms.formats.tree import Tree


class PolicyFork(NamedTuple):
    """Several versions on one base; `stands` is the one that came first, where that can be told."""

    sides: tuple[PolicyEntry, ...]
    stands: PolicyEntry | None


class PolicyLine(NamedTuple):
    """The versions that stand, in order, and the forks on the way.

    `rivals` are the versions of a fork that nothing has decided, with all that builds on them;
    `known` are all that are valid.
    """

    standing: tuple[PolicyEntry, ...]
    rivals: tuple[PolicyEntry, ...]
    forks: tuple[PolicyFork, ...]
    known: tuple[PolicyEntry, ...]

    @property
    def newest(self) -> PolicyEntry | None:
        """The policy in force."""
        return self.standing[-1] if self.standing else None

    def later_than(self, cited: PolicyEntry) -> tuple[tuple[PolicyEntry, ...], ...]:
        """What must be asked of a statement that was signed under a version, line by line.

        The versions that stand and that the cited one doesn't build on; each side of an undecided
        fork is a line of its own.
        """
        if not self.forks:
            return (self.standing[cited.version :],)
        own = _line_to(cited.content, self.known)
        before = self.standing[-1].content if self.standing else None
        sides = (one for one in self.rivals if one.base == before)
        lines = (self.standing, *(path for one in sides for path in _paths(one, self.rivals)))
        return tuple(tuple(one for one in line if one.content not in own) for line in lines)

    def findings(self, register: Register) -> Iterator[Finding]:
        """POLICY-FORK for what is undecided, POLICY-DISPLACED for each version that gave way.

        A later standing version that comes after the filing of such a one has seen it: then
        nothing is said any more.
        """
        named = {one for entry in self.standing for slot in entry.slots for one in slot.after}
        for fork in self.forks:
            for side in fork.sides[-1:] if fork.stands is None else fork.sides:
                if side is fork.stands or any(one.id in named for one in register.filed(side)):
                    continue
                is_open = fork.stands is None
                code = "POLICY-FORK" if is_open else "POLICY-DISPLACED"
                reason = Reason.UNDECIDED if is_open else None
                place = Place(side.path, commit=side.commit)
                values = {
                    "version": str(side.version),
                    "next": str(side.version + 1),
                    "beside": side.folders[1],
                    "entries": ", ".join(one.folders[1] for one in fork.sides),
                    "stands": "-" if fork.stands is None else fork.stands.folder,
                }
                yield Finding(code, place, values, about_policy(side.version), reason)


def policy_line(
    judge: Judge, register: Register, is_ahead: Callable[[Statement], bool]
) -> PolicyLine:
    """The versions of `register` that stand; one whose time has not come is none yet."""
    standing: list[PolicyEntry] = []
    forks: list[PolicyFork] = []
    known = tuple(one for one in register.policies() if not is_ahead(one.filing))
    following = _on(known, None)
    while following:
        chosen = following[0]
        if len(following) > 1:
            # Of two beginnings nothing tells which one is meant.
            found = _chosen(judge, register, standing[-1], following, known) if standing else None
            forks.append(PolicyFork(following, found))
            if found is None:
                sides = {one.content for one in following}
                rivals = tuple(one for one in known if sides & _line_to(one.content, known))
                return PolicyLine(tuple(standing), rivals, tuple(forks), known)
            chosen = found
        standing.append(chosen)
        following = _on(known, chosen.content)
    return PolicyLine(tuple(standing), (), tuple(forks), known)


def waiting(
    judge: Judge, register: Register, line: PolicyLine, is_ahead: Callable[[Statement], bool]
) -> Iterator[PolicyEntry]:
    """The versions whose time has not come, and which will have a say when it has.

    One has none any more where a version that stands has decided between it and its twins, nor has
    what follows such a one.
    """
    ended: set[str | None] = set()
    for entry in register.policies():
        if not is_ahead(entry.filing):
            continue
        twins = register.policies_on(entry.base)
        later = (one for one in line.standing if one.version > entry.version)
        if entry.base in ended or any(settles(judge, one, twins, register) for one in later):
            ended.add(entry.content)
        else:
            yield entry


def _on(known: Sequence[PolicyEntry], base: str | None) -> tuple[PolicyEntry, ...]:
    return tuple(one for one in known if one.base == base)


def _chosen(
    judge: Judge,
    register: Register,
    before: PolicyEntry,
    sides: Sequence[PolicyEntry],
    known: Sequence[PolicyEntry],
) -> PolicyEntry | None:
    behind = {side.content: _descendants(side, known) for side in sides}
    settled = [
        side for side in sides
        if any(settles(judge, entry, sides, register) for entry in behind[side.content])
    ]  # fmt: skip
    if len(settled) == 1:
        return settled[0]
    contenders = {
        side.content: Contender(
            key=f"policy {side.content}",
            filings=tuple(one.slots for one in register.heard(side)),
            is_there=_Filed(judge, register.filed(side)),
            citations=frozenset(one.content for one in (side, *behind[side.content])),
        )
        for side in sides
    }
    found = Precedence(judge.history).chosen(
        tuple(contenders.values()),
        (),
        lambda: views(register, judge.answers.kinds),
        # A side could give its own keys to those whom that version enrols, and speak in their name.
        lambda told: before.policy.knows(told.slot),
    )
    return next((side for side in sides if contenders[side.content] is found), None)


@dataclass(frozen=True, slots=True)
class _Filed:
    """Tells whether a tree holds a version that is valid there."""

    judge: Judge
    filings: tuple[PolicyEntry, ...]

    def __call__(self, tree: Tree) -> bool:
        places = {path for one in self.filings for path in one.places}
        if all(tree.entry(path) is None for path in places):
            return False
        register = Register((TreeSource(self.judge, tree),))
        ids = {one.id for one in self.filings}
        return any(one.id in ids for one in register.policy_filings())


def _paths(entry: PolicyEntry, known: Sequence[PolicyEntry]) -> Iterator[tuple[PolicyEntry, ...]]:
    """Each way from a version to one that nothing follows: a fork may fork again."""
    following = _on(known, entry.content)
    for one in following:
        yield from ((entry, *path) for path in _paths(one, known))
    if not following:
        yield (entry,)


def _descendants(entry: PolicyEntry, known: Sequence[PolicyEntry]) -> tuple[PolicyEntry, ...]:
    return tuple(
        one for one in known
        if one.version > entry.version and entry.content in _line_to(one.base, known)
    )  # fmt: skip


def _line_to(content: str | None, known: Sequence[PolicyEntry]) -> frozenset[str]:
    """A text and all that it builds on: on each base that its quorum signed it for."""
    found: set[str] = set()
    waiting = [content]
    while waiting:
        at = waiting.pop()
        if at is not None and at not in found:
            found.add(at)
            waiting += [one.base for one in known if one.content == at]
    return frozenset(found)
