"""What may be signed: each act with its own closed facts, and who may sign it."""

from collections.abc import Callable
from typing import NamedTuple

from qms.domain.policy import Policy
from qms.formats.slots import DATA_KEYS, Slot


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
    may: Callable[[Policy, str, Slot], bool] | None = None


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
