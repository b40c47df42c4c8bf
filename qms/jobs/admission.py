"""Which plugins a tree's policy admits: asked before any of their code may run.

The answer comes from the policies that are *valid*, and no plugin is needed to judge one: a
folder that somebody filed without the signatures admits nothing and switches nothing off.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from qms.domain.act import CORE_ACTS, Act
from qms.domain.answers import Answers
from qms.domain.chain import Chain
from qms.domain.document import Document
from qms.domain.entries import parsed_policy
from qms.domain.judging import Judge
from qms.domain.kind import Kinds
from qms.domain.pins import Admitted, admitted
from qms.domain.policies import unreadable
from qms.domain.policy import Policy
from qms.domain.policy_files import POLICY_FILES
from qms.domain.register import PolicyEntry, Register
from qms.domain.source import TreeSource
from qms.findings import Finding, Refused, refused
from qms.formats.tree import Tree
from qms.jobs.judges import RepositoryHistory
from qms.storage.repository import Repository


def filed_policy(tree: Tree) -> Policy | None:
    """The newest policy in a tree's register that can be read, judged or not."""
    folders = sorted((name for name in tree.folder("policy") if name.isdecimal()), key=int)
    for folder in reversed(folders):
        try:
            contents = [tree.read(f"policy/{folder}/{name}") or b"" for name in POLICY_FILES]
            policy = parsed_policy(*contents).policy
        except Refused:
            continue
        if not policy.unread:
            return policy
    return None


class _Core:
    """What the core answers without any plugin: its own kinds and acts, and no chain."""

    @property
    def kinds(self) -> Kinds:
        return Kinds()

    def unread(self, policy: Policy) -> str:
        return policy.unread

    def chain(
        self, policy: Policy, document: Document, days: tuple[date | None, ...] = ()
    ) -> Chain:
        del policy, days
        raise refused("NO-CHAIN", **{"class": document.class_id})

    def act(self, name: str) -> Act | None:
        return next((act for act in CORE_ACTS if act.name == name), None)


class Standing(NamedTuple):
    """What the valid policies of a tree say before anything is judged by them.

    `admitted` is None where there is no policy.
    """

    admitted: Admitted | None = None
    register: Register | None = None

    def unread(self, answers: Answers) -> Finding | None:
        """TOOL-OLD where this tool, or a plugin that judges, can't read one of the policies."""
        return None if self.register is None else unreadable(answers, self.register)


def standing(repository: Repository, tree: Tree) -> Standing:
    """Which plugins the valid policies of a tree admit, and whether they can all be read."""
    judge = Judge(_Core(), RepositoryHistory(repository))
    register = Register((TreeSource(judge, tree),))
    policies = register.policies()
    if not policies:
        return Standing()
    ends = [one.policy for one in _ends(register)]
    return Standing(admitted([one.policy for one in policies], ends), register)


def _ends(register: Register) -> Iterator[PolicyEntry]:
    """The versions that nothing follows: which of them is in force takes plugins to tell.

    One whose filing a version of another line names has been seen and passed: its plugins go on
    judging what was signed under it, but nobody must have them.
    """
    named = {
        one
        for entry in register.policy_filings()
        for slot in entry.slots
        if slot.signed is not None
        for one in slot.signed.after
    }
    for entry in register.policies():
        twins = register.policy_versions(entry.version)
        filings = {one.filing.id for one in twins if one.content == entry.content}
        if not register.policies_on(entry.content) and not filings & named:
            yield entry
