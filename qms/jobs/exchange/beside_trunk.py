"""Branches beside the trunk: what is signed there reaches nobody who works by the trunk.

git lets anybody open one, and nothing looks different there. So whoever is on one is told, and back
on the trunk what of theirs still lies on another one: no network, and only a few branches.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from qms.domain.kinds.policy_files import open_file
from qms.domain.kinds.recorded import POLICY
from qms.findings import Finding
from qms.formats.paths import POLICY_FILES
from qms.formats.slots import Statement, statements_in
from qms.formats.tree import FILE
from qms.jobs.exchange.taken_numbers import KEPT
from qms.jobs.exchange.unshared import is_sharing
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.advance import switch
from qms.storage.refs import is_open_elsewhere, newest_beyond
from qms.storage.trees import CommitTree

_HEADS: Final = "refs/heads/"
_MOST: Final = 10
"""So many branches are looked into, the newest: to have more open is nobody's day."""
_PATHS: Final = 200
"""So many files of each."""


class Elsewhere(NamedTuple):
    """A branch of this clone with signatures of mine that the trunk lacks: under what."""

    branch: str
    numbers: tuple[str, ...]


def beside_trunk(session: WorkSession) -> str:
    """The branch that is checked out, where it isn't the trunk that others work by; else nothing.

    Nothing where no trunk is known at the shared repository: then there is none to be beside of.
    """
    repository = session.repository
    branch = repository.branch()
    if branch is None or branch == session.trunk or not is_sharing(repository):
        return ""
    shared = f"refs/remotes/{repository.remote()}/{session.trunk}"
    return branch if shared in repository.ids((shared,)) else ""


def signed_elsewhere(session: WorkSession) -> Iterator[Elsewhere]:
    """What I signed on other branches of this clone and HEAD lacks; asked on the trunk alone.

    Not what branches hold that `sync` made to keep what it left behind.
    """
    repository = session.repository
    head, branch = repository.head(), repository.branch()
    if head is None or branch != session.trunk or not is_sharing(repository):
        return
    left_out = f"{_HEADS}{branch}", f"{_HEADS}{KEPT}"

    def is_other(name: str) -> bool:
        return name != left_out[0] and not name.startswith(left_out[1])

    if not any(one.startswith(_HEADS) and is_other(one) for one in repository.names()):
        return  # nearly always: git is asked for nothing
    found = newest_beyond(repository.git, head, 2 * _MOST)
    for name, tip in islice((one for one in found if is_other(one[0])), _MOST):
        base = repository.merge_base(tip, head)
        numbers = () if base is None else _signed(session, tip, base)
        if numbers:
            yield Elsewhere(name.removeprefix(_HEADS), numbers)


def _signed(session: WorkSession, tip: str, base: str) -> tuple[str, ...]:
    """The numbers of files that differ from `base` in which I signed what HEAD lacks."""
    repository, numbers = session.repository, dict[str, None]()
    tree = repository.tree(tip)
    for change in islice(tree.changes(repository.tree(base)), _PATHS):
        mine = [one for one in _statements(session, tree, change.path)
                if one.person == session.me.id]  # fmt: skip
        known = {one.id for one in (_known(session, change.path) if mine else ())}
        for one in mine:
            if one.id not in known:
                numbers[one.subject.number or "policy"] = None
    return tuple(numbers)


def _statements(session: WorkSession, tree: CommitTree, path: str) -> tuple[Statement, ...]:
    """What is signed in a file of a tree, as far as it can be read."""
    if path == POLICY_FILES[0]:
        opened = open_file(tree.read(path) or b"")
        return () if opened is None else statements_in(opened.slots)
    kinds = session.hooks.kinds
    kind, entry = kinds.get(kinds.at(path).kind), tree.entry(path)
    if kind is None or entry is None or entry.mode != FILE:
        return ()
    found = kind.read(tree, path, entry)
    return () if isinstance(found, Finding) else found.statements


def _known(session: WorkSession, path: str) -> Iterator[Statement]:
    """What is signed at HEAD in the same file, and what of its number is filed there."""
    yield from _statements(session, session.tree, path)
    register, kinds = session.register, session.hooks.kinds
    at = kinds.at(path)
    kind = kinds.get(at.kind)
    if path == POLICY_FILES[0] or at.kind == POLICY:
        for policy in register.policies():
            yield from policy.slots
    elif kind is not None and kind.has_chain:
        for entry in register.released(at.number):
            yield from entry.document.statements
        for name in {kind.name, kind.of} & kinds.texts.keys():
            for text in register.texts(name, at.number):
                yield from text.statements


def go_home(session: WorkSession) -> None:
    """Open the trunk here: as it is shared now, as far as nothing else of this clone lies on it.

    Where another work tree has it open this one stays. Raises `Refused` where that would write
    over what isn't committed, `BranchMoved`.
    """
    repository, trunk, head = session.repository, session.trunk, session.head
    name = f"{_HEADS}{trunk}"
    here = repository.named(name)
    if is_open_elsewhere(repository.git, name):
        return
    if here is None or repository.is_ancestor(here, head):
        repository.git.run("update-ref", "-m", "qms: sync", name, head, here or "0" * len(head))
    switch(repository, head, trunk)
    session.forget()
