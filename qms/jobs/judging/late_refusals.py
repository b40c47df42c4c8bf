"""Refusals of texts of plugins' kinds that are laid in where the text was filed already.

Who refuses on a clone that lacks the filing can't know of it, and a merge brings both together. A
commit that adds a refusal on top of the filing was made where it could be seen: what the refusal
says that its signer had seen is what the signer chose to say.
"""

from collections.abc import Callable, Iterable, Iterator

from qms.domain.kinds.kind import Law
from qms.domain.kinds.recorded import Event, Filed
from qms.domain.library.effect import Effects
from qms.domain.library.past import Past
from qms.domain.register.holdings import every_text
from qms.domain.register.register import Register
from qms.findings import Finding, Place, Reason
from qms.formats.tree import Tree


def late_refusals(
    effects: Effects,
    before: Register,
    paths: Iterable[str],
    trees_before: Callable[[str], Iterable[Tree]],
) -> Iterator[Finding]:
    """REJECTED-FILED for each refusal that a step adds on top of the filing that it would void.

    `before` is what was recorded before the step, `paths` what it changes; `trees_before` gives the
    trees of a commit's parents.
    """
    kinds, register = effects.judge.answers.kinds, effects.register
    for path in sorted(paths):
        kind, governed = kinds.of(path), kinds.at(path)
        if kind is None or not kind.of or kind.law is not Law.GROWS or kind.rounds is None:
            continue
        about = kind.name, governed.number, governed.revision
        known = {one.slot.id for one in before.lists(*about).get(path, ())}
        for event in register.lists(*about).get(path, ()):
            if event.slot.id in known or event.slot.act != kind.rounds.reject:
                continue
            for entry in every_text(register, kinds, governed.number):
                if kind.place(entry.text) == path and _is_void_by(effects, entry, event):
                    is_there = Past(effects.judge).filed_text(entry)
                    if any(map(is_there, trees_before(event.commit))):
                        yield _finding(entry, event)


def _is_void_by(effects: Effects, entry: Filed, event: Event) -> bool:
    """Whether this refusal keeps a text from effect, its signer not having seen the text filed."""
    fault = effects.void_text(entry)
    is_apart = fault is not None and fault.reason is Reason.APART
    return is_apart and all(slot.id != event.slot.id for slot in entry.text.statements)


def _finding(entry: Filed, event: Event) -> Finding:
    slot, text = event.slot, entry.text
    values = {"number": text.number, "revision": text.revision or "-", "step": slot.step,
              "person": slot.person, "at": slot.at or "-"}  # fmt: skip
    return Finding("REJECTED-FILED", Place(event.path, commit=event.commit), values, event.id)
