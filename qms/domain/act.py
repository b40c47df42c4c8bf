"""What may be signed: each act with its own closed facts, and who may sign it.

An act belongs to one kind for ever: the namespace of its signatures is the act's alone, so a
signature under one that two kinds share could be read as either. Names that acts to come will need
are kept free for their kinds (`KIND_OF`), so that no plugin can sign them as something else first.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from qms.domain.policy import Policy
from qms.formats.slots import DATA_KEYS, Statement

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
    and the quorum for policies, so there it stays None.
    """

    name: str
    kind: str
    meaning: str
    data: frozenset[str] = frozenset()
    needs_reason: bool = False
    may: Callable[[Policy, str, Statement], bool] | None = None

    @property
    def foreign(self) -> str | None:
        """Why nobody may bring such an act: the kind that its name is kept for, or its facts."""
        kind = KIND_OF.get(self.name, self.kind)
        if kind != self.kind:
            return kind or "-"
        facts = DATA_KEYS.get(self.name, self.data)
        return None if facts == self.data else f"{kind} {{{', '.join(sorted(facts))}}}"


CORE_ACTS = (
    Act(name="prepare", kind="document", meaning="prepared"),
    Act(name="review", kind="document", meaning="reviewed"),
    Act(name="co-sign", kind="document", meaning="co-signed"),
    Act(name="approve", kind="document", meaning="approved"),
    Act(
        name="publish",
        kind="document",
        meaning="published",
        data=DATA_KEYS["publish"],
    ),
    Act(name="reject", kind="document", meaning="rejected", needs_reason=True),
    *(
        Act(name=name, kind="document", meaning=meaning, data=DATA_KEYS[name], needs_reason=True)
        for name, meaning in (("settle", "settled"), ("annul", "annulled"), ("ratify", "ratified"))
    ),
    Act(name="policy-agree", kind="policy", meaning="agreed"),
    Act(name="policy-file", kind="policy", meaning="filed"),
)
