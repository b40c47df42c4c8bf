"""Whether numbers and revisions are what their class says, for each item of a step.

A released revision is judged by the policy under which it was signed: a company that numbers
differently from 2031 on has not misnumbered in 2026. A number is judged when it is given and
then stands; a working text that carries what is released is none of this module's business.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from qms.api import (
    RELEASED,
    Change,
    Document,
    Finding,
    Place,
    Policy,
    Refused,
    Released,
    Step,
    gone_class,
    near,
)
from qms_numbering.classes import ClassNumbering, ClassVersions, numbering_of, versions_of
from qms_numbering.sequences import Sequences
from qms_numbering.spelling import charset_fault
from qms_numbering.uniqueness import Parents, collisions, entry_of, is_first

T = TypeVar("T")
Answer = Callable[[Policy, str], T | None]


@dataclass(slots=True, eq=False)
class _Known:
    """What classes say, read once a step; None also where their settings are broken.

    The broken ones are told at their place in qms.yaml.
    """

    _numberings: dict[tuple[int, str], ClassNumbering | None] = field(
        default_factory=dict[tuple[int, str], ClassNumbering | None]
    )
    _versions: dict[tuple[int, str], ClassVersions | None] = field(
        default_factory=dict[tuple[int, str], ClassVersions | None]
    )

    def numbering(self, policy: Policy, class_id: str) -> ClassNumbering | None:
        return _once(self._numberings, numbering_of, policy, class_id)

    def versions(self, policy: Policy, class_id: str) -> ClassVersions | None:
        return _once(self._versions, versions_of, policy, class_id)


def _once(
    known: dict[tuple[int, str], T | None], ask: Answer[T], policy: Policy, class_id: str
) -> T | None:
    key = (id(policy), class_id)
    if key not in known:
        try:
            known[key] = ask(policy, class_id)
        except Refused:
            known[key] = None
    return known[key]


def number_faults(step: Step) -> Iterator[Finding]:
    """DC-02: the class, form and characters of each new number, and that it is new indeed."""
    known, parents, collided = _Known(), Parents(step), collisions(step)
    sequences = Sequences(step, known.numbering)
    for change, document, entry in _documents(step):
        policy = step.policy_of(change)
        collision = collided.get(change.path)
        faults = [] if collision is None else [collision]
        if document.class_id not in policy.classes:
            names = {one.id: one.name for one in policy.classes.values()}
            values = {"class": document.class_id, "known": near(names, document.class_id)}
            unknown = Refused(Finding("CLASS-UNKNOWN", Place(field="class"), values))
            faults.append(gone_class(step.register, policy, unknown).finding)
        elif is_first(change, entry, step):
            numbering = known.numbering(policy, document.class_id)
            fault = None if numbering is None else _number_fault(numbering, document, parents)
            # Looking like another number and not being spelt by the rule have one cause.
            if fault is not None and (collision is None or charset_fault(document.number)):
                faults.append(fault)
            repeated = sequences.fault(change, policy) if not faults else None
            faults += [] if repeated is None else [repeated]
        yield from (_placed(fault, change, document) for fault in faults)


def _number_fault(
    numbering: ClassNumbering, document: Document, parents: Parents
) -> Finding | None:
    fault = numbering.fault(document.number)
    if fault is not None:
        return fault
    missing = parents.missing(numbering, document.number)
    if missing is None:
        return None
    return Finding("NUMBER-PARENT", Place(field="number"), missing)


def revision_faults(step: Step) -> Iterator[Finding]:
    """DC-03: the form of each revision, and that it follows the one before."""
    known = _Known()
    for change, document, entry in _documents(step):
        versions = known.versions(step.policy_of(change), document.class_id)
        if versions is None:
            continue
        older = _older(change, document, entry, step)
        fault = versions.fault(document.revision) or _order_fault(older, document, versions)
        if fault is not None:
            yield _placed(fault, change, document)


def _order_fault(
    older: tuple[str | None, ...], document: Document, versions: ClassVersions
) -> Finding | None:
    if document.legacy is not None and None in older:
        return None  # a document of the time before the system begins where it stands
    allowed = [revision for base in older for revision in versions.following(base)]
    if document.revision in allowed:
        return None
    values = {
        "number": document.number,
        "revision": document.revision,
        "older": ", ".join(base for base in older if base is not None) or "-",
        "allowed": ", ".join(dict.fromkeys(allowed)) or "-",
    }
    return Finding("REVISION-ORDER", Place(field="revision"), values)


def _older(
    change: Change, document: Document, entry: Released | None, step: Step
) -> tuple[str | None, ...]:
    """What the revision may follow: its base, or any released one that nothing follows yet."""
    if change.kind == RELEASED:
        return (None if entry is None else entry.base,)
    released = step.register.released(document.number)
    followed = {entry.base for entry in released}
    last = [e.document.revision for e in released if e.document.revision not in followed]
    return tuple(dict.fromkeys(last)) or (None,)


def _documents(step: Step) -> Iterator[tuple[Change, Document, Released | None]]:
    """The items to judge: released revisions that hold, and working texts of something new.

    With what the register holds of a released one.
    """
    for change in step.changes:
        document = change.document
        if document is None:
            continue
        entry = entry_of(change, step) if change.kind == RELEASED else None
        if change.kind == RELEASED:
            is_judged = entry is not None
        else:
            known = step.register.revision(document.number, document.revision)
            is_judged = known is None or known.document.class_id != document.class_id
        if is_judged:
            yield change, document, entry


def _placed(fault: Finding, change: Change, document: Document) -> Finding:
    return replace(fault.at(path=change.path, commit=change.commit), about=document.about)
