"""What is wrong with the chains of a policy, before any document has to run through them."""

from collections.abc import Iterator

from qms.api import Finding, Place, Policy
from qms_approval.act_chains import act_chains
from qms_approval.chains import FILE, Chosen, chain_finding, chains_of


def chain_faults(policy: Policy) -> Iterator[Finding]:
    """DC-04: chains that can't be read, can't end, match one document twice, or name nobody."""
    for class_id, one in policy.classes.items():
        if "chain" in one.settings:
            yield from _class_faults(policy, class_id)
        for _, chain in act_chains(policy, class_id):
            if isinstance(chain, Finding):
                yield chain
            else:
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
            values = {"class": class_id, "name": owner, "known": ", ".join(policy.departments)}
            yield Finding("CHAIN-ROLE", Place(FILE, chain.field), values)
    for department in policy.departments:
        matching = [one for one in written if not one.owners or department in one.owners]
        if len(matching) > 1:
            yield chain_finding(policy, "CHAIN-TWICE", class_id)
            return


def _unknown_names(policy: Policy, class_id: str, chain: Chosen) -> Iterator[Finding]:
    """CHAIN-ROLE for each role or department that a step names and nobody has."""
    for source, name, field in chain.named():
        known = policy.roles if source == "role" else policy.departments
        if name not in known:
            values = {"class": class_id, "name": name, "known": ", ".join(known) or "-"}
            yield Finding("CHAIN-ROLE", Place(FILE, field), values)
