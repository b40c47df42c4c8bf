"""What the approval plugin answers to the core (group qms.rules)."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from qms.api import (
    Chain,
    Change,
    ClassSetting,
    Document,
    FiledText,
    Finding,
    Place,
    Policy,
    Refused,
    Rule,
    Step,
    hookimpl,
    on_each,
    unknown_names,
)
from qms_approval.act_chains import ACTS, resolve_act, unasked, unfit_steps
from qms_approval.chain_conformity import chain_faults
from qms_approval.chains import ACTS_SETTING, ALSO_PUBLISH, CHAIN_SETTING, ONE_PERSON, resolve


@hookimpl
def codes() -> Path:
    """This plugin's code table."""
    return Path(__file__).parent / "data" / "codes.toml"


@hookimpl
def settings() -> Iterable[ClassSetting]:
    """The keys of a class that this plugin reads."""
    yield ClassSetting("chain", CHAIN_SETTING, required=True)
    yield ClassSetting("one_person", ONE_PERSON)
    yield ClassSetting("also_publish", ALSO_PUBLISH)
    yield ClassSetting(ACTS, ACTS_SETTING)


@hookimpl
def chain(policy: Policy, document: Document, days: tuple[date | None, ...]) -> Chain | None:
    """The chain of a document, with the persons who hold its roles."""
    return resolve(policy, document, days)


@hookimpl
def act_chain(
    policy: Policy, text: FiledText, act: str, owner: str, days: tuple[date | None, ...]
) -> Chain | None:
    """The chain that the class of a text has for an act."""
    return resolve_act(policy, text, act, owner, days)


def vacancies(change: Change, step: Step) -> Iterator[Finding]:
    """DC-04: a step that nobody can sign is told when the text is written, not when it is due."""
    document = change.document
    if document is None or document.status == "published":
        return
    if step.register.revision(*document.key) is not None:
        return  # released at its approval: who signed it is nobody's any more to find
    unknown = tuple(unknown_names(document, step.policy))
    if unknown:  # that nobody can sign follows from it
        yield from unknown
        return
    try:
        found = resolve(step.policy, document, tuple(map(step.register.day, document.statements)))
    except Refused as refused:
        yield refused.finding
        return
    for one in found.steps if found is not None else ():
        roles = ", ".join(one.vacant)
        if one.vacant and one.act == "prepare":
            values = {"person": document.prepared_by, "roles": roles}
            yield Finding("CHAIN-PREPARER", Place(field="prepared_by"), values, document.about)
        elif one.vacant:
            values = {"step": str(one.number), "act": one.act, "roles": roles}
            yield Finding("CHAIN-VACANT", Place(field="owner"), values, document.about)
        elif one.unlisted:
            values = {"step": str(one.number), "act": one.act, "class": document.class_id}
            yield Finding("CO-SIGN-NOBODY", Place(field="owner"), values, document.about)


def written_chains(step: Step) -> Iterator[Finding]:
    """DC-04: the chains of all classes make sense, whatever documents there are; each is asked."""
    yield from chain_faults(step.policy)
    yield from unasked(step)
    yield from unfit_steps(step)


@hookimpl
def rules(policy: Policy) -> Iterable[Rule]:
    """DC-04: every step of every chain can be signed by somebody."""
    del policy
    yield Rule(
        name="approval-chains",
        codes=("ACT-UNASKED", "CHAIN-ACTS", "CHAIN-END", "CHAIN-LAST", "CHAIN-ROLE", "CHAIN-TWICE"),
        judge=written_chains,
    )
    yield Rule(
        name="approval-vacancies",
        codes=(
            "CHAIN-PREPARER",
            "CHAIN-VACANT",
            "CO-SIGN-NOBODY",
            "DEPARTMENT-UNKNOWN",
            "PERSON-UNKNOWN",
        ),
        judge=on_each("document", vacancies),
    )
