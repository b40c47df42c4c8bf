"""What is wrong with the chains of a policy, before any document has to run through them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from qms.api import Finding, Place, Policy
from qms_approval.act_chains import act_chains
from qms_approval.chains import FILE, Chosen, chain_finding, chains_of

_SHOWN: Final = 40
"""So many names are said of those that are known: as many faults are told as there are names."""


def chain_faults(policy: Policy) -> Iterator[Finding]:
    """DC-04: chains that can't be read, can't end, match one document twice, or name nobody."""
    for class_id, one in policy.classes.items():
        if "chain" in one.settings:
            yield from _class_faults(policy, class_id)
        for _, chain in act_chains(policy, class_id):
            if isinstance(chain, Finding):
                yield chain
            else:
                yield from _several_last(chain)
                yield from _unknown_names(policy, class_id, chain)


def _class_faults(policy: Policy, class_id: str) -> Iterator[Finding]:
    written, faults = chains_of(policy, class_id)
    yield from faults
    for chain in written:
        if not chain.is_closed:
            yield chain_finding(policy, "CHAIN-END", class_id)
        yield from _unknown_names(policy, class_id, chain)
        unknown = [owner for owner in chain.owners if owner not in policy.departments]
        for owner in unknown:
            values = {"class": class_id, "name": owner, "known": _listed(policy.departments)}
            yield Finding("CHAIN-ROLE", Place(FILE, chain.field), values)
    if _match_twice(policy, written):
        yield chain_finding(policy, "CHAIN-TWICE", class_id)


def _several_last(chain: Chosen) -> Iterator[Finding]:
    """CHAIN-LAST where a chain of the class's own ends in more than one signature."""
    if not chain.ends_in_one:
        place = Place(FILE, f"{chain.field}.{len(chain.steps) - 1}.need")
        yield Finding("CHAIN-LAST", place, {"act": chain.acts[-1], "need": str(chain.need_last)})


def _match_twice(policy: Policy, written: Iterable[Chosen]) -> bool:
    """Whether one department's texts have two chains: each owner is looked at once."""
    chains = Counter(
        owner
        for one in written
        for owner in (set(one.owners) if one.owners else policy.departments)
    )
    return any(many > 1 and owner in policy.departments for owner, many in chains.items())


def _unknown_names(policy: Policy, class_id: str, chain: Chosen) -> Iterator[Finding]:
    """CHAIN-ROLE for each role or department that a step names and nobody has."""
    for source, name, field in chain.named():
        known = policy.roles if source == "role" else policy.departments
        if name not in known:
            values = {"class": class_id, "name": name, "known": _listed(known) or "-"}
            yield Finding("CHAIN-ROLE", Place(FILE, field), values)


def _listed(known: Iterable[str]) -> str:
    names = tuple(islice(known, _SHOWN + 1))
    return ", ".join((*names[:_SHOWN], "…") if len(names) > _SHOWN else names)
