"""What may be signed: each act with its own closed facts, and who may sign it.

An act belongs to one kind for ever: the namespace of its signatures is the act's alone, so a
signature under one that two kinds share could be read as either. Names that acts to come will need
are kept free for their kinds (`KIND_OF`), so that no plugin can sign them as something else first.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from qms.domain.kinds.policy import Policy
from qms.formats.slots import DATA_KEYS, Statement
from qms.texts import ZH, Text

_ACTS_OF_KINDS: Final = {
    "document": (
        "prepare review co-sign approve publish reject withdraw obsolete keep-reference settle"
        " ratify annul incident periodic-review metadata permit confirm shelve unshelve designate"
    ),
    "policy": "policy-agree policy-file",
    "copy": (
        "issue receive receive-sheet recall return replace found keep bring exchange transfer lend"
        " copy-out reprint floor-check copy-destroy notify"
    ),
    "record": "enter correct attest excuse close reopen destroy",
    "blank-set": "set-issue set-use",
    "acknowledgement": "acknowledge acknowledge-sheet",
    "delegation": "delegate revoke",
    "external": "admit currency evaluate supersede give-back",
    "plan": "plan",
    "enrolment": "enrol",
    "": "manifest receipt",
}

KIND_OF: Final[Mapping[str, str]] = MappingProxyType(
    {act: kind for kind, acts in _ACTS_OF_KINDS.items() for act in acts.split()}
)
"""The kind that an act belongs to, whoever brings it. Machines sign in the namespaces of those that
belong to none: no person may ever sign such an act."""


class Act(NamedTuple):
    """One act. `kind` is where it is laid: ``document``, ``policy``, or the kind of a list.

    `data` are its closed facts, all of them present. `may` answers, for an event, whether the
    signer may act so under a policy, on something of this class; chains answer that for documents
    and the quorum for policies, so there it stays None. `meaning` is what its statements say that
    it was, in English; `word` is what people call it. `tell` says in words what its facts
    are, as the policy calls them that it names, in ``zh`` or ``en``.
    """

    name: str
    kind: str
    meaning: str
    word: Text | None = None
    data: frozenset[str] = frozenset()
    needs_reason: bool = False
    may: Callable[[Policy, str, Statement], bool] | None = None
    tell: Callable[[Policy, Statement, str], str] | None = None

    def called(self, language: str) -> str:
        """What people call it; its name where nobody said that."""
        return self.name if self.word is None else self.word.of(language)

    def done(self, language: str) -> str:
        """What its signature means, in words: 已批准, approved."""
        is_chinese = language == ZH and self.word is not None
        return f"已{self.called(ZH)}" if is_chinese else self.meaning

    @property
    def foreign(self) -> str | None:
        """Why nobody may bring such an act: the kind that its name is kept for, or its facts."""
        kind = KIND_OF.get(self.name, self.kind)
        if kind != self.kind:
            return kind or "qms"
        facts = DATA_KEYS.get(self.name, self.data)
        return None if facts == self.data else f"{kind} {{{', '.join(sorted(facts))}}}"


CORE_ACTS: Final = (
    Act("prepare", "document", "prepared", Text("编制", "prepare")),
    Act("review", "document", "reviewed", Text("审核", "review")),
    Act("co-sign", "document", "co-signed", Text("会签", "co-sign")),
    Act("approve", "document", "approved", Text("批准", "approve")),
    Act("publish", "document", "published", Text("发布", "publish"), DATA_KEYS["publish"]),
    Act("reject", "document", "rejected", Text("退回", "reject"), needs_reason=True),
    *(
        Act(name, "document", meaning, word, DATA_KEYS[name], needs_reason=True)
        for name, meaning, word in (
            ("settle", "settled", Text("裁定", "settle")),
            ("annul", "annulled", Text("裁定作废", "annul")),
            ("ratify", "ratified", Text("追认", "ratify")),
        )
    ),
    Act("policy-agree", "policy", "agreed", Text("同意策略", "agree to the policy")),
    Act("policy-file", "policy", "filed", Text("归档策略", "file the policy")),
)


def core_act(name: str) -> Act:
    """The act of the core with this name."""
    return next(act for act in CORE_ACTS if act.name == name)
