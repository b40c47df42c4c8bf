"""Everything signed about the texts of a plugin's kind that bear one number."""

from qms.domain.library.filed_texts import TextAt, proved, texts_at
from qms.domain.library.library import Library
from qms.domain.library.signed import Signed, in_time
from qms.domain.register.filed_rejections import lists_of


def text_signatures(library: Library, meant: TextAt) -> tuple[Signed, ...]:
    """Every signature in the texts of a kind and number, and in the lists of their rejections.

    In the order of time, each once, in however many files it stands.
    """
    judge, number = library.effects.judge, meant.text.number
    found: list[Signed] = []
    for one in texts_at(library, number):
        if one.kind is not meant.kind:
            continue
        entry = one.entry
        counts = entry is None or library.no_effect(entry) is None
        found += [
            Signed(
                number=number, revision=one.text.revision, copy=None, slot=slot,
                commit="" if entry is None else entry.commit, has_effect=counts,
            )
            for slot in proved(library, one).text.statements
        ]  # fmt: skip
    lists = lists_of(judge, meant.text)
    for events in () if lists is None else library.register.all_lists(lists.name):
        found += [
            Signed(
                number=number, revision=event.log.revision, copy=None, slot=event.slot,
                commit=event.commit,
            )
            for event in events
            if event.log.number == number
        ]  # fmt: skip
    return in_time(found)
