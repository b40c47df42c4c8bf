"""Which plugins a tree's policy admits: asked before any of their code may run.

The answer comes from the newest policy that is *valid*, and no plugin is needed to judge one: a
folder that somebody filed without the signatures admits nothing and switches nothing off.
"""

from datetime import date

from qms.domain.act import CORE_ACTS, Act
from qms.domain.chain import Chain
from qms.domain.document import Document
from qms.domain.entries import parsed_policy
from qms.domain.judging import Judge
from qms.domain.kind import Kinds
from qms.domain.policy import PluginPin, Policy
from qms.domain.policy_files import POLICY_FILES
from qms.domain.register import Register
from qms.domain.source import TreeSource
from qms.findings import Refused, refused
from qms.formats.tree import Tree
from qms.jobs.judges import RepositoryHistory
from qms.storage.repository import Repository


def filed_policy(tree: Tree) -> Policy | None:
    """The newest policy in a tree's register that can be read, judged or not."""
    folders = sorted((name for name in tree.folder("policy") if name.isdecimal()), key=int)
    for folder in reversed(folders):
        try:
            contents = [tree.read(f"policy/{folder}/{name}") or b"" for name in POLICY_FILES]
            return parsed_policy(*contents).policy
        except Refused:
            continue
    return None


class _Core:
    """What the core answers without any plugin: its own kinds and acts, and no chain."""

    @property
    def kinds(self) -> Kinds:
        return Kinds()

    def chain(
        self, policy: Policy, document: Document, days: tuple[date | None, ...] = ()
    ) -> Chain:
        del policy, days
        raise refused("NO-CHAIN", **{"class": document.class_id})

    def act(self, name: str) -> Act | None:
        return next((act for act in CORE_ACTS if act.name == name), None)


def pins(repository: Repository, tree: Tree) -> tuple[PluginPin, ...] | None:
    """The plugins that the newest valid policy of a tree admits; None where it has no policy."""
    judge = Judge(_Core(), RepositoryHistory(repository))
    newest = Register((TreeSource(judge, tree),)).newest_policy
    return None if newest is None else newest.policy.plugins
