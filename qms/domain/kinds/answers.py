"""What plugins answer, as the domain sees it: the chain of a document, the acts there are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from qms.domain.kinds.act import Act
from qms.domain.kinds.chain import Chain
from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.head_field import HeadField
from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.numbering import Numbering, VersionScheme
from qms.domain.kinds.policy import Policy
from qms.findings import Finding
from qms.formats.tree import Tree


class Answers(Protocol):
    """Questions with one answer, whoever gives it. All answers are pure."""

    @property
    def kinds(self) -> Kinds:
        """All kinds that are known: the core's and those of plugins."""
        ...

    def chain(
        self, policy: Policy, document: Document, days: tuple[date | None, ...] = ()
    ) -> Chain:
        """The chain this document must run through; raises `Refused` where it has none.

        `days` are those of its slots, in their order, where the policy's roles have terms.
        """
        ...

    def act_chain(
        self,
        policy: Policy,
        text: FiledText,
        act: str,
        owner: str,
        days: tuple[date | None, ...] = (),
    ) -> Chain:
        """The chain that the class of a text has for an act; raises `Refused` where it has none.

        `owner` is the department that the text is of; `days` as for `chain`.
        """
        ...

    def numbering(self, policy: Policy, class_id: str) -> Numbering:
        """How the numbers of a class are written; raises `Refused` where nobody knows."""
        ...

    def version_scheme(self, policy: Policy, class_id: str) -> VersionScheme:
        """How the revisions of a class follow each other; raises `Refused` where nobody knows."""
        ...

    def head_fields(self, policy: Policy, class_id: str) -> Sequence[HeadField[object]]:
        """The keys that plugins add to the heads of documents of a class."""
        ...

    def head_faults(self, policy: Policy, document: Document) -> tuple[Finding, ...]:
        """What of a document's head, beside the core's keys, is not as plugins of a policy say.

        Raises `Refused` where one of them that could tell isn't here.
        """
        ...

    def has_other_release(self, policy: Policy) -> bool:
        """Whether another release of a plugin is here than a policy lists for what judges."""
        ...

    def absent_under(self, policy: Policy) -> frozenset[str]:
        """The plugins that judge under a policy and are not loaded, by name."""
        ...

    def lacking(self, policy: Policy) -> tuple[str, ...]:
        """The plugins that judge under a policy, and aren't loaded in the release that it lists."""
        ...

    def unread(self, policy: Policy) -> str:
        """Why this tool can't judge by a policy; empty where it can."""
        ...

    def act(self, name: str) -> Act | None:
        """The act of this name, or None: what cannot be judged has no effect."""
        ...

    def act_kinds(self) -> Mapping[str, str]:
        """Of which kind each act is that is known, by the act's name."""
        ...


class History(Protocol):
    """What a judge may ask about commits."""

    def tree(self, commit: str) -> Tree | None:
        """The tree of a commit; None where this clone has no such commit."""
        ...

    def is_ancestor(self, older: str, newer: Sequence[str]) -> bool | None:
        """Whether `older` is one of `newer` or an ancestor of one; None where it is unknown."""
        ...

    def met(self, commit: str, key: str, is_there: Callable[[Tree], bool]) -> bool | None:
        """Whether something lay in the tree of a commit, or of one that it descends from.

        `is_there` looks for it in one tree; `key` names it, for what was looked at before. None
        where this clone lacks commits, so that it can't be known.
        """
        ...
