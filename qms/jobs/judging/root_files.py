"""The policy's files at the root, while they are not those in force: what is wrong with them.

What a policy says is judged before it is signed: the form of its files, the keys of its classes,
what the rules say of it as a whole, and whether its names can be printed. Once it is filed nobody
can mend it but by the next one.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.near import close_to
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.policy_files import read_policy_files
from qms.domain.register.class_chains import endless_classes
from qms.domain.register.register import Register
from qms.domain.verdict.rule import Step
from qms.domain.verdict.state import State
from qms.findings import Finding, Place, QmsError, Refused
from qms.formats.paths import POLICY_FILES
from qms.formats.slips import slip
from qms.formats.tree import Tree
from qms.jobs.dangers.trunk_names import trunk_fault
from qms.jobs.judging.kinds_in_use import kinds_lost
from qms.jobs.judging.legible import illegible
from qms.jobs.judging.look_files import look_faults
from qms.jobs.judging.own_glyphs import drawn_in, glyph_faults
from qms.jobs.judging.signed_printers import signed_printers
from qms.plugins import Hooks
from qms.purity import pure


def policy_faults(
    policy: Policy, hooks: Hooks, register: Register, tree: Tree
) -> tuple[Finding, ...]:
    """What is wrong with what a policy says, if it were in force.

    Keys of a foreign plugin that isn't loaded are nobody's: it may be admitted only now, or may be
    missing here, where a policy must be signed all the same. Then no key is judged.
    """
    found: list[Finding] = []
    found += hooks.setting_faults(policy)
    newest = register.newest_policy
    before = None if newest is None else newest.policy
    found += () if before is None else kinds_lost(before, policy, hooks, tree)
    found += _heads(policy, hooks)
    found += _custodians(policy)
    fault = trunk_fault(policy.trunk, {one.policy.trunk for one in register.policies()})
    found += () if fault is None else (fault,)
    told = rule_findings(policy, hooks, register, tree)
    found += [one for one in told if one.raised or one.place.path in POLICY_FILES]
    if not found:  # else a class may be as endless as it is only for a slip in its keys
        found += endless_classes(hooks, policy, before)
    printers = signed_printers(hooks, policy)
    found += illegible(policy, printers, drawn_in(tree))
    found += glyph_faults(tree)
    found += look_faults(tree, policy.organisation.name, lambda: printers, drawn_in(tree))
    places = {(one.code, one.place): one for one in reversed(found)}
    return tuple(sorted(places.values(), key=lambda one: (one.place, one.code)))


def rule_findings(
    policy: Policy, hooks: Hooks, register: Register, tree: Tree
) -> Iterator[Finding]:
    """What the rules of a policy tell where nothing changes. Raises what one does that fails."""
    after = State(tree=tree, kinds=_kinds_under(policy, hooks), register=register, policy=policy)
    absent = hooks.absent_under(policy)
    step = Step(changes=(), after=after, absent=absent, acts=hooks.act_kinds())
    for rule in hooks.rules(policy):
        with pure(rule.name):
            found = tuple(rule.judge(step))
        yield from found


def _kinds_under(policy: Policy, hooks: Hooks) -> Kinds:
    """The kinds that the plugins which a policy lists bring."""
    listed = {pin.name for pin in policy.plugins if not pin.void}
    return Kinds(kind for name in listed for kind in hooks.brought.get(name, ()))


def _heads(policy: Policy, hooks: Hooks) -> Iterator[Finding]:
    """Keys of heads that two plugins would bring; one that isn't admitted yet isn't asked."""
    try:
        for class_id in policy.classes:
            hooks.head_fields(policy, class_id)
    except QmsError as error:
        yield error.finding


def root_file_faults(tree: Tree, register: Register, hooks: Hooks) -> tuple[Finding, ...]:
    """What is wrong with the policy's files at the root of `tree`, unless they are filed so.

    Those of a valid version were judged before it was signed; nobody can mend them there.
    """
    contents = dict(_contents(tree))
    if len(contents) < len(POLICY_FILES):
        return ()
    blobs = [entry.id for name in POLICY_FILES if (entry := tree.entry(name)) is not None]
    if any(blobs == list(one.blobs) for one in register.policy_filings()):
        return ()
    return policy_text_faults(contents, hooks, register, tree)


def policy_text_faults(
    contents: Mapping[str, bytes], hooks: Hooks, register: Register, tree: Tree
) -> tuple[Finding, ...]:
    """What is wrong with the form of three files of a policy, or else with what they say."""
    found, faults = read_policy_files(contents)
    if found is None:
        told = (slip(one, contents.get(one.place.path, b"-")) for one in faults)
        return tuple(sorted(told, key=lambda one: (one.place, one.code)))
    return policy_faults(found.policy, hooks, register, tree)


def _contents(tree: Tree) -> Iterator[tuple[str, bytes]]:
    for name in POLICY_FILES:
        with suppress(Refused):  # told as one of the files that aren't those in force
            data = tree.read(name)
            if data is not None:
                yield name, data


def _custodians(policy: Policy) -> Iterator[Finding]:
    """ID-UNKNOWN for whoever keeps a class's papers and is no department, role or person.

    Asked before a policy is signed, not of one that is: nothing follows from it.
    """
    for at, one in enumerate(policy.classes.values()):
        known = {one: row.name for one, row in policy.persons.items()}
        known |= {one: row.name for one, row in policy.roles.items()}
        known |= {one: row.name for one, row in policy.departments.items()}
        if one.custodian is not None and one.custodian not in known:
            values = {"id": one.custodian, "close": close_to(known, one.custodian)}
            yield Finding("ID-UNKNOWN", Place("qms.yaml", f"classes.{at}.custodian"), values)
