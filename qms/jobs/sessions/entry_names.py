"""How people name an entry to a command: by its revision, a copy's number, or digits of its id."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qms.domain.kinds.copy_numbers import recognised
from qms.domain.kinds.kind import COPY
from qms.domain.kinds.log import ACTS
from qms.domain.kinds.recorded import Event
from qms.domain.register.rejects import rejections
from qms.domain.register.rulings import ANNUL, RATIFY, RULINGS, named
from qms.findings import refused
from qms.formats.slots import Statement
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text

LEAST = 4
"""So many digits must be typed at least: fewer are a slip of the finger."""
SHOWN = 16
"""So many digits are shown, as in the names of files that lie beside each other."""
_MOST = 5
"""So many entries are listed to somebody who named none of them; `qms history --json` shows all."""


class Known(NamedTuple):
    """An entry of a number with what people call it."""

    id: str
    label: str
    revision: str | None = None
    event: Event | None = None
    """The event in a copy's life, where it is one."""

    @property
    def digits(self) -> str:
        """The digits of its id."""
        return self.id.partition(":")[2]

    def __str__(self) -> str:
        return f"{self.digits[:SHOWN]} {self.label}"


def entry_named(session: WorkSession, number: str, text: str, act: str = "") -> str:
    """The id of the entry that somebody means: a revision, or the first digits of its id.

    A rejection is named by its digits, an event in a copy's life also by the copy's number, where
    `act` can only mean one of that copy. Raises `Refused` ENTRY-UNCLEAR, which lists what there is
    (of a copy that is named, what is possible) and says how many digits tell one from all others.
    """
    known = tuple(entries_of(session, number))
    found = [one for one in known if one.revision == text]
    if not found:
        found = _of_copy(session, known, text, act)
        if len(text) >= LEAST:
            found += [one for one in known if one.digits.startswith(text.lower())]
    if len(found) == 1:
        return found[0].id
    listed_ones = _listed(found) if found else listed(session, number)
    raise refused("ENTRY-UNCLEAR", number=number, found=text, known=listed_ones,
                  digits=str(_digits_needed(known)))  # fmt: skip


def listed(session: WorkSession, number: str) -> str:
    """The first few of what a ruling about a number may name, with the digits of each.

    What claims a place that another one claims too comes first: that is what people decide about.
    """
    places = Counter(one.base_content for one in session.register.released(number))
    rivals = {
        one.filing.id for one in session.register.released(number) if places[one.base_content] > 1
    }
    known = sorted(entries_of(session, number), key=lambda one: one.id not in rivals)
    more = len(known) - _MOST
    if more <= 0:
        return _listed(known)
    told = Text(
        f"…另有 {more} 项（qms history {number} --json）",
        f"… {more} more (qms history {number} --json)",
    )
    return f"{_listed(known[:_MOST])}; {told.of(session.language)}"


def _listed(known: Iterable[Known]) -> str:
    return "; ".join(map(str, known)) or "-"


def _of_copy(session: WorkSession, known: tuple[Known, ...], text: str, act: str) -> list[Known]:
    """The events of the copies that bear a number, as far as a ruling's act can mean them.

    Only what a later policy doesn't take needs to be ratified; what is annulled needs no more.
    """
    events = [(one, one.event) for one in known if one.event is not None]
    meant = recognised(text, (event.log.copy for _, event in events))
    mine = [(one, event) for one, event in events if event.log.copy == meant]
    why = {one.id: session.library.no_effect(event) for one, event in mine}
    void = [one for one, _ in mine if (reason := why[one.id]) and reason.fault is not None]
    if act == RATIFY and void:
        return void
    return [one for one, _ in mine if act != ANNUL or why[one.id] is None or one in void]


def entries_of(session: WorkSession, number: str) -> Iterator[Known]:
    """All entries of a number that a ruling may name, with what they are."""
    zh = session.language == "zh"
    for entry in session.register.released(number):
        name = entry.document.revision
        yield Known(entry.filing.id, f"版本 {name}" if zh else f"revision {name}", name)
    for event in rejections(session.register, number):
        slot = event.slot
        of = slot.subject.revision
        name = of or "-"
        by = session.policy.printed_name(slot.person, session.language)
        label = f"{by} 退回 {name}" if zh else f"rejection of {name} by {by}"
        yield Known(slot.id, label)
    for event in session.register.of_number(COPY, number):
        act, copy, name = _act(session, event), event.log.copy, event.log.revision
        by = session.policy.printed_name(event.slot.person, session.language)
        day = str(session.register.day(event.slot) or "-")
        label = (
            f"分发号 {copy}（{name}）：{act}，{by} {day}"
            if zh
            else f"copy {copy} of {name}: {act} by {by}, {day}"
        )
        yield Known(event.slot.id, label, event=event)
    for event in session.register.of_number(ACTS, number):
        if session.effects.times.is_ahead(event.slot):  # all other parts of rulings do no harm
            act, at = _act(session, event), event.slot.at
            by = session.policy.printed_name(event.slot.person, session.language)
            label = f"{by} 签署的“{act}”（{at}）" if zh else f"{act} by {by}, {at}"
            yield Known(event.slot.id, label)


def _act(session: WorkSession, event: Event) -> str:
    """What was done, in the words of the trade; one that nobody here knows by its own name."""
    known = session.hooks.act(event.slot.act)
    return event.slot.act if known is None else known.called(session.language)


class Ruled(NamedTuple):
    """What a ruling says of an entry: its id, what people call it, whether it stands."""

    id: str
    label: str
    stands: bool


def ruled(
    session: WorkSession, number: str, events: Iterable[Statement]
) -> dict[str, tuple[Ruled, ...]]:
    """What each of these signed events says of which entry, where it is one of a ruling."""
    rulings = [slot for slot in events if slot.act in RULINGS]
    known = {one.id: str(one) for one in entries_of(session, number)} if rulings else {}
    found: dict[str, tuple[Ruled, ...]] = {}
    for slot in rulings:
        meant = named(slot)
        ids = (*(() if meant.stands is None else (meant.stands,)), *meant.annulled)
        found[slot.id] = tuple(
            Ruled(one, known.get(one, one.partition(":")[2][:SHOWN]), one == meant.stands)
            for one in ids
        )
    return found


def short(session: WorkSession, number: str, entry: str) -> str:
    """How a command that is shown names an entry: its revision, else enough of its digits."""
    known = tuple(entries_of(session, number))
    mine = next((one for one in known if one.id == entry), None)
    if mine is None:
        return entry
    if mine.revision and sum(one.revision == mine.revision for one in known) == 1:
        return mine.revision
    return mine.digits[: max(_digits_needed(known), 8)]


def _digits_needed(known: tuple[Known, ...]) -> int:
    """The least number of digits that tells each entry from all others."""
    digits = {one.digits for one in known}
    return next(
        (n for n in range(LEAST, 64) if len({one[:n] for one in digits}) == len(digits)), 64
    )
