"""Whether a filed text of a plugin's kind leaves out a rejection that binds it, or has a twin.

A rejection is kept in a list of its own, so a text that was filed without it has no effect: as of
documents, unless what was signed since tells that the filing came first, or who rejected had signed
that very text.
"""

from collections.abc import Iterable, Iterator

from qms.domain.kinds.recorded import Event, Filed
from qms.domain.library.past import Past
from qms.domain.library.precedence import Contender, Precedence
from qms.domain.library.standing import Standing
from qms.domain.register.filed_rejections import begun_by, lacking_rejections
from qms.findings import Finding, Place, Reason


def rejected_text(standing: Standing, entry: Filed) -> Finding | None:
    """REJECTION-MISSING for a text that one binds and that lacks it, or None.

    TEXT-REJECTED, a warning, where neither side had seen the other: no ruling could end an error,
    and what one person refuses would stop everybody's `publish` for ever. The text alone waits.
    """
    text = entry.text
    for reject in binding_rejections(standing, entry):
        slot = reject.slot
        values = {"number": text.number, "revision": text.revision or "-", "step": slot.step,
                  "person": slot.person, "at": slot.at or "-"}  # fmt: skip
        place = Place(entry.path, commit=entry.commit)
        apart = Precedence(standing.judge.history).are_apart(*_rivals(standing, entry, reject))
        code, reason = "REJECTION-MISSING", Reason.MET
        if apart:
            code, reason = "TEXT-REJECTED", Reason.APART
        return Finding(code, place, values, text.about, reason)
    return None


def binding_rejections(standing: Standing, entry: Filed) -> Iterator[Event]:
    """The rejections that a filed text lacks and that keep it from effect."""
    for reject in lacking_rejections(standing.judge, standing.register, entry.text):
        if not is_taken_back(standing, reject, entry.going) and _binds(standing, entry, reject):
            yield reject


def filed_twice(entries: Iterable[Filed]) -> Iterator[Finding]:
    """TEXT-TWICE for each place that several texts with effect were filed for.

    Of texts that go round: two branches may both have ended one, and nobody rules on it.
    """
    by_place: dict[str, list[Filed]] = {}
    for one in entries:
        if one.text.rounds is not None:
            by_place.setdefault(one.place, []).append(one)
    for place, found in sorted(by_place.items()):
        if len(found) > 1:
            text = found[0].text
            values = {"number": text.number, "revision": text.revision or "-",
                      "entries": ", ".join(sorted(one.beside for one in found))}  # fmt: skip
            commit = found[0].commit
            yield Finding("TEXT-TWICE", Place(place, commit=commit), values, text.about, Reason.MET)


def is_taken_back(standing: Standing, reject: Event, going: str) -> bool:
    """Whether it has no effect by its time, or a later policy takes not it or its text.

    `going` is where the text lay that it is about.
    """
    if standing.is_untimely(reject):
        return True
    places = reject.path, going
    begun = begun_by(standing.judge, standing.register, reject)
    return standing.later.fault(reject.slot, places) is not None or all(
        standing.is_ahead(one) or standing.later.fault(one, places) is not None for one in begun
    )


def _rivals(standing: Standing, entry: Filed, reject: Event) -> tuple[Contender, Contender]:
    """A filed text and a rejection that it lacks, as what claims one place."""
    past = Past(standing.judge)
    key, is_there = past.of(entry)
    filing = Contender(key=key, filings=(entry.signed,), is_there=is_there)
    against = Contender(
        key=f"reject {reject.id}", filings=((reject.slot,),), is_there=past.listed(reject)
    )
    return filing, against


def _binds(standing: Standing, entry: Filed, reject: Event) -> bool:
    filing, against = _rivals(standing, entry, reject)
    chosen = standing.chosen((filing, against))
    if chosen is filing:
        return False
    has_signed = any(slot.person == reject.slot.person for slot in entry.signed)
    return chosen is not None or not has_signed
