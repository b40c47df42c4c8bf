"""How people name an entry to a command: by its revision, or by the first digits of its id."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qms.domain.kind import COPY
from qms.domain.rejects import rejections
from qms.domain.rulings import RULINGS, named
from qms.findings import refused
from qms.formats.slots import Slot
from qms.jobs.session import WorkSession

LEAST = 4
"""So many digits must be typed at least: fewer are a slip of the finger."""
SHOWN = 16
"""So many digits are shown, as in the names of files that lie beside each other."""


class Known(NamedTuple):
    """An entry of a number with what people call it."""

    id: str
    label: str
    revision: str | None = None

    @property
    def digits(self) -> str:
        """The digits of its id."""
        return self.id.partition(":")[2]

    def __str__(self) -> str:
        return f"{self.digits[:SHOWN]} {self.label}"


def entry_named(session: WorkSession, number: str, text: str) -> str:
    """The id of the entry that somebody means: a revision, or the first digits of its id.

    A rejection, or an event in a copy's life, is named by its digits. Raises `Refused`
    ENTRY-UNCLEAR, which lists what there is and says how many digits tell one from all others.
    """
    known = tuple(entries_of(session, number))
    found = [one for one in known if one.revision == text]
    if not found and len(text) >= LEAST:
        found = [one for one in known if one.digits.startswith(text.lower())]
    if len(found) == 1:
        return found[0].id
    raise refused("ENTRY-UNCLEAR", number=number, found=text, known=listed(session, number),
                  digits=str(_digits_needed(known)))  # fmt: skip


def listed(session: WorkSession, number: str) -> str:
    """What a ruling about a number may name, with the digits by which it is named."""
    return "; ".join(map(str, entries_of(session, number))) or "-"


def entries_of(session: WorkSession, number: str) -> Iterator[Known]:
    """All entries of a number that a ruling may name, with what they are."""
    zh = session.language == "zh"
    for entry in session.register.released(number):
        name = entry.document.revision
        yield Known(entry.filing.id, f"版本 {name}" if zh else f"revision {name}", name)
    for event in rejections(session.register, number):
        slot = event.slot
        of = None if slot.signed is None else slot.signed.subject.revision
        name = of or "-"
        by = session.policy.printed_name(slot.person, session.language)
        label = f"{by} 退回 {name}" if zh else f"rejection of {name} by {by}"
        yield Known(slot.id, label)
    for event in session.register.of_number(COPY, number):
        act, copy, name = event.slot.act, event.log.copy, event.log.revision
        label = f"副本 {copy}（{name}）{act}" if zh else f"copy {copy} of {name}: {act}"
        yield Known(event.slot.id, label)


class Ruled(NamedTuple):
    """What a ruling says of an entry: its id, what people call it, whether it stands."""

    id: str
    label: str
    stands: bool


def ruled(
    session: WorkSession, number: str, events: Iterable[Slot]
) -> dict[str, tuple[Ruled, ...]]:
    """What each of these signed events says of which entry, where it is one of a ruling."""
    rulings = [slot for slot in events if slot.act in RULINGS and slot.signed is not None]
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
