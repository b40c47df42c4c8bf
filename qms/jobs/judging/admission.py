"""Which plugins a tree's policy admits: asked before any of their code may run.

The answer comes from the policies that are *valid*, and no plugin is needed to judge one: a
folder that somebody filed without the signatures admits nothing and switches nothing off.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from qms.domain.kinds.act import CORE_ACTS, Act
from qms.domain.kinds.answers import Answers
from qms.domain.kinds.chain import Chain
from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.head_field import HeadField
from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.numbering import Numbering, VersionScheme
from qms.domain.kinds.pins import Admitted, admitted
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.reading import parsed_policy
from qms.domain.library.policy_line import policy_line
from qms.domain.register.policies import unreadable
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.source import TreeSource
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Refused, refused
from qms.formats.paths import POLICY_FILES
from qms.formats.tree import Tree
from qms.installed import Found
from qms.jobs.judging.repository_history import RepositoryHistory
from qms.plugins import Hooks
from qms.storage.repository import Repository

_FOLDER: Final = re.compile("[0-9]{4,9}")
"""A name of more digits than Python makes a number of is nobody's version."""


def filed_policy(tree: Tree) -> Policy | None:
    """The newest policy in a tree's register that can be read, judged or not.

    Anybody can file one: it may only say what will perhaps be wanted, and decides nothing.
    """
    folders = sorted((name for name in tree.folder("policy") if _FOLDER.fullmatch(name)), key=int)
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

    def act_chain(
        self,
        policy: Policy,
        text: FiledText,
        act: str,
        owner: str,
        days: tuple[date | None, ...] = (),
    ) -> Chain:
        del policy, owner, days
        raise refused("NO-ACT-CHAIN", **{"class": text.class_id or "-"}, act=act)

    def head_fields(self, policy: Policy, class_id: str) -> Sequence[HeadField[object]]:
        del policy, class_id
        return ()

    def head_faults(self, policy: Policy, document: Document) -> tuple[Finding, ...]:
        del policy, document
        return ()

    def has_other_release(self, policy: Policy) -> bool:
        del policy
        return False

    def absent_under(self, policy: Policy) -> frozenset[str]:
        return frozenset(pin.name for pin in policy.plugins)

    def lacking(self, policy: Policy) -> tuple[str, ...]:
        del policy
        return ()

    def numbering(self, policy: Policy, class_id: str) -> Numbering:
        del policy
        raise refused("NO-NUMBERING", **{"class": class_id})

    def version_scheme(self, policy: Policy, class_id: str) -> VersionScheme:
        del policy
        raise refused("NO-VERSION-SCHEME", **{"class": class_id})

    def act(self, name: str) -> Act | None:
        return next((act for act in CORE_ACTS if act.name == name), None)

    def act_kinds(self) -> Mapping[str, str]:
        return {act.name: act.kind for act in CORE_ACTS}


class StandingPolicies(NamedTuple):
    """What the policies of a tree that stand say before anything is judged by them.

    `admitted` is None where there is no policy.
    """

    admitted: Admitted | None = None
    line: tuple[PolicyEntry, ...] = ()

    def unread(self, answers: Answers) -> Finding | None:
        """TOOL-OLD where this tool, or a plugin that judges, can't read one of the policies."""
        return unreadable(answers, self.line)


def standing(
    repository: Repository, tree: Tree, found: Sequence[Found] | None = None
) -> StandingPolicies:
    """Which plugins the policies of a tree that stand admit, and whether they can all be read.

    Of a fork the side that gave way admits nothing, and switches nothing off. Where only what
    people signed tells, the plugins of before the fork judge that. `found` are those installed.
    """
    history = RepositoryHistory(repository)
    answers: Answers = _Core()
    known = StandingPolicies()
    while True:
        judge = Judge(answers, history)
        line = policy_line(judge, Register((TreeSource(judge, tree),)), lambda _slot: False)
        if not line.standing:
            return StandingPolicies()
        own, rivals = ([one.policy for one in side] for side in (line.standing, line.rivals))
        last, known = known, StandingPolicies(admitted(own, rivals), line.standing)
        if not line.rivals or known.admitted == last.admitted:
            return known
        answers = Hooks.of(known.admitted, found=found)
