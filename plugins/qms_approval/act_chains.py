"""The chains that a class has for acts of its own: of texts and records that are no documents."""

from collections.abc import Iterator
from datetime import date

from qms.api import (
    Chain,
    ClassChain,
    Document,
    FiledText,
    Finding,
    Place,
    Policy,
    Refused,
    Step,
    read,
)
from qms_approval.chains import ACT_STEPS, FILE, Chosen, Days, step_of

ACTS = "acts"
"""The key of a class that has them."""


def resolve_act(
    policy: Policy, text: FiledText, act: str, owner: str, days: tuple[date | None, ...]
) -> Chain | None:
    """The chain of a text's class for an act; None where it has none.

    Raises `Refused` where it can't be read.
    """
    chosen = next((one for name, one in act_chains(policy, text.class_id) if name == act), None)
    if chosen is None:
        return None
    if isinstance(chosen, Finding):
        raise Refused(chosen)
    signed = _signed(text, days) if policy.has_terms else ()
    standing = Document(
        number=text.number, title="", class_id=text.class_id, revision=text.revision,
        controlled=False, owner=owner, prepared_by="", content="", body="", status="", slots=(),
        head={},
    )  # fmt: skip
    return Chain(
        tuple(
            step_of(policy, standing, row, number, signed)
            for number, row in enumerate(chosen.steps, start=1)
        )
    )


def act_chains(policy: Policy, class_id: str) -> Iterator[tuple[str, Chosen | Finding]]:
    """The chains of a class by the acts that they are for, or what is wrong with one's form.

    Keys of YAML here have no hyphen: `pass_plan` is for the act ``pass-plan``.
    """
    found = policy.classes.get(class_id)
    written = {} if found is None else found.settings.get(ACTS, {})
    if not isinstance(written, dict):
        return
    for key, value in written.items():
        where, act = (
            f"classes.{tuple(policy.classes).index(class_id)}.{ACTS}.{key}",
            key.replace("_", "-"),
        )
        told = read(ACT_STEPS, value, where)
        if told.findings:
            yield act, told.findings[0].at(path=FILE)
        else:
            yield act, Chosen((), told.value, where)


def unasked(step: Step) -> Iterator[Finding]:
    """ACT-UNASKED for each act of a class that nothing would ever ask the chain of.

    Acts of documents go by the class's `chain`, rulings by it without its first step. Nothing while
    a plugin is absent, as one that is admitted only now: what its kinds ask, nobody knows.
    """
    if step.absent:
        return
    asked = {
        kind.chain.act: kind
        for kind in step.after.kinds.brought
        if isinstance(kind.chain, ClassChain)
    }
    known = ", ".join(sorted(act.replace("-", "_") for act in asked)) or "-"
    for at, (class_id, one) in enumerate(step.policy.classes.items()):
        written = one.settings.get(ACTS, {})
        for key in written if isinstance(written, dict) else ():
            if key.replace("_", "-") not in asked:
                values = {"class": class_id, "act": key, "known": known}
                yield Finding("ACT-UNASKED", Place(FILE, f"classes.{at}.{ACTS}.{key}"), values)


def unfit_steps(step: Step) -> Iterator[Finding]:
    """CHAIN-ACTS for each step of a class's own chains that asks for what is no act of the kind.

    Of the first for another than begins its rounds. Told while the policy is yet to be signed, as
    long as no plugin is absent: afterwards people would sign texts that nobody could end.
    """
    kinds = step.after.kinds.texts.values()
    asked = {one.chain.act: one for one in kinds if isinstance(one.chain, ClassChain)}
    if step.absent or not step.acts:
        return
    for class_id in step.policy.classes:
        for name, chain in act_chains(step.policy, class_id):
            kind = asked.get(name)
            if kind is None or isinstance(chain, Finding):
                continue  # told by itself
            reject = "" if kind.rounds is None else kind.rounds.reject
            own = sorted(act for act, of in step.acts.items() if of == kind.name and act != reject)
            for at, act in enumerate(chain.acts):
                first = kind.rounds.begin if kind.rounds is not None and at == 0 else None
                fit = own if first is None else [first]
                if act not in fit:
                    values = {"kind": kind.name, "act": act, "step": str(at + 1),
                              "asked": ", ".join(fit) or "-"}  # fmt: skip
                    yield Finding("CHAIN-ACTS", Place(FILE, f"{chain.field}.{at}.act"), values)


def _signed(text: FiledText, days: tuple[date | None, ...]) -> Days:
    """Who signed which step of this round on which day."""
    return tuple(
        (int(slot.step), slot.person, day)
        for slot, day in zip(text.statements, days, strict=False)
        if day is not None and slot.round == text.round
    )
