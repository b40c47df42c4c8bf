"""Refusals that are laid in where what they refuse was filed already.

Who refuses on a clone that lacks the filing can't know of it, and a merge brings both together. A
commit that comes after the filing and adds a refusal was made where it could be seen: what the
refusal says that its signer had seen is what the signer chose to say.
"""

from collections.abc import Callable, Iterable, Iterator

from qms.domain.kinds.chain import REJECT
from qms.domain.kinds.kind import Law
from qms.domain.kinds.recorded import Event, Filed, Released
from qms.domain.library.effect import Effects
from qms.domain.library.past import Past
from qms.domain.library.standing import Rejected
from qms.domain.register.holdings import every_text
from qms.domain.register.register import Register
from qms.findings import Finding, Place, Reason


def late_refusals(
    effects: Effects,
    before: Register,
    paths: Iterable[str],
    parents: Callable[[str], Iterable[str]],
) -> Iterator[Finding]:
    """REJECTED-FILED for each refusal that a step adds after the filing that it would void.

    `before` is what was recorded before the step, `paths` what it changes; `parents` gives those
    of the commit that brought something. That the filing lay in one of them, or in any commit
    before, is enough: who takes it away for a while has seen it all the same.
    """
    kinds, register = effects.judge.answers.kinds, effects.register
    past, history = Past(effects.judge), effects.judge.history
    for path in sorted(paths):
        kind, governed = kinds.of(path), kinds.at(path)
        if kind is None or kind.law is not Law.GROWS or not kind.has_rounds:
            continue
        about = kind.name, governed.number, governed.revision
        refuses = REJECT if kind.rounds is None else kind.rounds.reject
        known = {one.slot.id for one in before.lists(*about).get(path, ())}
        for event in register.lists(*about).get(path, ()):
            if event.slot.id in known or event.slot.act != refuses:
                continue
            for entry in _void_by(effects, event):
                key, is_there = past.of(entry)
                if any(history.met(one, key, is_there) for one in parents(event.commit)):
                    yield _finding(entry, event)


def _void_by(effects: Effects, event: Event) -> Iterator[Released | Filed]:
    """What a refusal keeps from effect, its signer not having seen it filed."""
    number = event.log.number
    for entry in effects.register.released(number):
        if _is_void_by(effects, entry, event):
            yield entry
    kinds = effects.judge.answers.kinds
    kind = kinds.lists[event.log.kind]
    for text in every_text(effects.register, kinds, number):
        if kind.of == text.text.kind and kind.place(text.text) == event.path:
            fault = effects.void_text(text)
            is_apart = fault is not None and fault.reason is Reason.APART
            if is_apart and all(slot.id != event.slot.id for slot in text.text.statements):
                yield text


def _is_void_by(effects: Effects, entry: Released, event: Event) -> bool:
    standing = effects.standing
    return (
        standing.verdict(entry.document.number, entry.filing.id) is None
        and (event.slot.id, Rejected.BINDS)
        in ((one.slot.id, meant) for one, meant in standing.missing_rejects(entry))
        and standing.are_apart(entry, event)
    )


def _finding(entry: Released | Filed, event: Event) -> Finding:
    slot, text = event.slot, entry.value
    values = {"number": text.number, "revision": text.revision or "-", "step": slot.step,
              "person": slot.person, "at": slot.at or "-"}  # fmt: skip
    place = Place(event.path, commit=event.commit)
    return Finding("REJECTED-FILED", place, values, event.id, Reason.ON_TOP)
