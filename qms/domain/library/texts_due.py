"""Which texts of plugins' own kinds wait for somebody: as `todo` tells of documents."""

from collections.abc import Iterator
from typing import NamedTuple

from qms.domain.library.filed_texts import TextAt, proved, rule_of, texts_at
from qms.domain.library.library import Library
from qms.domain.library.todo import DRAFTED, SENT_BACK
from qms.domain.register.endless import too_few
from qms.domain.register.next_slots import seat_of, task
from qms.findings import Refused


class TextDue(NamedTuple):
    """A text that waits for somebody: `what` is an act of its chain, or a word of `todo`."""

    one: TextAt
    what: str


def texts_due(library: Library, person: str) -> Iterator[TextDue]:
    """The texts that wait for `person`, by path.

    A draft waits for whoever alone may begin it; one that was sent back for who had sent it round.
    One that can't be completed any more waits for whoever may end its round.
    """
    for lying in texts_at(library):
        rounds = lying.kind.rounds
        if lying.entry is not None or rounds is None:
            continue
        one = proved(library, lying)
        try:
            rule = rule_of(library, one)
        except Refused:
            continue  # told by `check`
        text = one.text
        if text.rejected() is not None:
            if any(slot.person == person for slot in text.signed() if slot.act == rounds.begin):
                yield TextDue(one, SENT_BACK)
        elif not text.signed():
            if rule.chain.steps[0].persons == (person,):
                yield TextDue(one, DRAFTED)
        else:
            mine = task(rule, text, person)
            is_lost = bool(library.effects.lost_signers(text, one.path))
            if seat_of(rule.chain, text, person) is not None and (
                is_lost or (mine is None and any(too_few(rule, text)))
            ):
                yield TextDue(one, rounds.reject)
            elif mine is not None:
                yield TextDue(one, mine.step.act)
