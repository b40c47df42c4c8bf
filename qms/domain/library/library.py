"""What there is on a day, for whoever reads: lists, pages, commands, what waits for whom.

One question has one answer here: which text a number has, what is in force, what a revision is, who
must still sign it, how many papers of it are out. Pure: from what is recorded, what has effect of
it, the policy and the texts as they lie. It needs no key, and no file but those of the two trees.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Final

from qms.domain.kinds.chain import Chain
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import Document
from qms.domain.kinds.held_copy import HeldCopy
from qms.domain.kinds.limits import limit_fault
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.reading import no_folder
from qms.domain.kinds.recorded import Event, Filed, NoEffect, Released
from qms.domain.kinds.working_texts import Lying, places_of, working_texts
from qms.domain.library.cards import Card, CardRow, card_of, unpacked
from qms.domain.library.earned import broken_slots, earned_status, without
from qms.domain.library.effect import Effects
from qms.domain.library.number_facts import Fresh, NumberFacts
from qms.domain.library.numbers import number_meant, numbers_in_order
from qms.domain.library.open_chain import open_chain
from qms.domain.library.open_round import Waiting, round_status, round_waiting
from qms.domain.library.status import Status, revision_status
from qms.domain.register.holdings import every_text
from qms.domain.register.register import Register
from qms.findings import Finding, Refused, refused
from qms.formats.canonical_json import Json
from qms.formats.paths import parse_path
from qms.formats.tree import EXECUTABLE, FILE, Tree
from qms.texts import ZH, Text

Held = Callable[["Library", str], Iterable[HeldCopy]]
"""The numbered copies of a number that are out, as told by whoever keeps account of them."""

Asked = Callable[["Library", str, str], Json]
"""A question by its name, and about what: answered by whichever plugin knows it."""

Spellings = Callable[[str], Iterable[str]]
"""What somebody may have meant who typed a number in another way than it is written."""

_Fact = tuple[str, Json]
"""A fact about a number, by the number."""

_CARD: Final = "card"


def _nobody(_library: "Library", name: str, _subject: str) -> Json:
    raise refused("FACT-UNKNOWN", fact=name, known="-")


@dataclass(eq=False)
class Library:
    """What there is on the day `today`.

    `tree` holds the files at the commits `at`, which `effects` are of; `texts` those that working
    texts are read from: the same ones, or a work tree on top of them. `failing` gets, by path, what
    was asked for and can't be shown: an answer that lacks it is no whole one. `facts` gives facts
    about numbers; `reading` gives numbers back, each once its files are at hand.
    """

    effects: Effects
    policy: Policy
    today: date
    tree: Tree
    texts: Tree
    at: Sequence[str] = ()
    held: Held = lambda _library, _number: ()
    asked: Asked = _nobody
    spelled: Spellings = lambda _text: ()
    failing: dict[str, Finding] = field(default_factory=dict[str, Finding])
    facts: NumberFacts = field(default_factory=Fresh)
    reading: Callable[[Sequence[str]], Iterable[str]] = iter
    hanging: set[str] = field(default_factory=set[str])
    """Numbers met of which what somebody signs about another one may decide."""
    _cards: dict[str, Card] = field(default_factory=dict[str, Card])
    _texts: dict[str, Document | None] = field(default_factory=dict[str, Document | None])
    _told: dict[str, tuple[_Fact, ...]] = field(default_factory=dict[str, tuple[_Fact, ...]])
    _rules: dict[int, tuple[Document, Persons]] = field(
        default_factory=dict[int, tuple[Document, Persons]]
    )
    _held: dict[str, tuple[HeldCopy, ...]] = field(default_factory=dict[str, tuple[HeldCopy, ...]])

    @property
    def register(self) -> Register:
        """What was validly recorded."""
        return self.effects.register

    # what is recorded, and in force

    def in_force(self, number: str, day: date | None = None) -> Released | None:
        """The revision people work by on `day` (default today)."""
        return self.effects.in_force(number, day or self.today)

    def effective(self, number: str) -> tuple[Released, ...]:
        """The revisions of a number that have effect, now or later, in their order."""
        return self.effects.effective(number)

    def no_effect(self, event: Event | Filed) -> NoEffect | None:
        """Why an event or a filed text has no effect (annulled, void, untimely), or None."""
        return self.effects.no_effect(event)

    def named(self, number: str, revision: str) -> Released | None:
        """The released revision that people mean by a string: the one that stands, if one does."""
        return self.effects.named(number, revision)

    def policy_under(self, content: str) -> Policy:
        """The policy of this content, by which a text names things; else the one in force."""
        entry = self.register.policy(content) if content else None
        return self.policy if entry is None else entry.policy

    def status(self, entry: Released, day: date | None = None) -> Status:
        """What a released revision is on `day` (default today)."""
        return revision_status(self.effects, entry, day or self.today)

    # numbers

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """All numbers of released documents and of working texts, with their class."""
        numbered = self.facts.numbers()
        if numbered is None:
            lying = {number: one.at.class_id for number, one in self._lying.items()}
            return {**lying, **self.register.numbers()}
        found = dict(numbered.known)
        for number in numbered.others:
            one, released = self._lies(number), self.register.released(number)
            if released:
                found[number] = released[-1].document.class_id
            elif one is not None:
                found[number] = one.at.class_id
        return found

    def number_meant(self, text: str) -> str:
        """The canonical number that somebody typed: twins, display forms and unique endings.

        Raises `Refused` NUMBER-UNKNOWN, with what comes close, and NO-DOCUMENT.
        """
        for one in (text, parse_path(text).number):
            if one and (self.register.released(one) or self._lies(one) is not None):
                return one  # as it is written: all others needn't be known
        filed = partial(every_text, self.register, self.effects.judge.answers.kinds)
        return number_meant(self.numbers, text, self.spelled, self._titles, filed)

    def _titles(self) -> Mapping[str, Text]:
        found: dict[str, Text] = {}
        for number in self.numbers:
            card = self.card(number)
            newest = card.open or next(reversed(card.released), None)
            if newest is not None:
                found[number] = Text(newest.title, newest.title_en, home=ZH)
        return found

    # facts about numbers, whatever the day

    def told(self, name: str, make: Callable[["Library", str], Json]) -> Iterator[tuple[str, Json]]:
        """A fact about each number, in their order: see `qms.domain.library.number_facts`."""
        if name not in self._told:
            self._told[name] = tuple(self._tell(name, make))
        yield from self._told[name]

    def _tell(self, name: str, make: Callable[["Library", str], Json]) -> Iterator[_Fact]:
        numbers = numbers_in_order(self.numbers)
        lacking = self.facts.lacking(name, numbers)
        read, others = iter(self.reading(lacking)), frozenset(lacking)
        for number in numbers:
            if number in others:
                next(read)
            yield number, self.facts.fact(name, number, partial(make, self, number))

    def card(self, number: str) -> Card:
        """What lists say of a number."""
        if number not in self._cards:
            made = self.facts.fact(_CARD, number, partial(_packed_card, self, number))
            self._cards[number] = unpacked(number, made)
        return self._cards[number]

    @cached_property
    def cards(self) -> Sequence[Card]:
        """The cards of all numbers, in their order."""
        told = self.told(_CARD, _packed_card)
        return tuple(self._cards.setdefault(one, unpacked(one, made)) for one, made in told)

    def fact(self, name: str, subject: str) -> Json:
        """What a plugin answers to the question `name` about a subject, such as a number.

        Raises `Refused` FACT-UNKNOWN where none knows it.
        """
        return self.asked(self, name, subject)

    # texts

    @cached_property
    def _lying(self) -> Mapping[str, Lying]:
        """What lies in the place of a working text, by number; what hides texts is failing."""
        found: dict[str, Lying] = {}
        hiding = [] if self.texts.folder("documents") else ["documents"]
        for one in working_texts(self.texts):
            if one.entry.mode not in (FILE, EXECUTABLE):
                hiding.append(one.path)
            if one.number and not one.entry.is_folder:
                found[one.number] = one
        for path in hiding:
            fault = limit_fault(self.texts, path) or no_folder(self.texts, path)
            if fault is not None:
                self.failing[path] = fault
        return found

    def _lies(self, number: str) -> Lying | None:
        """What lies in the place of the working text of a number; what hides it is failing."""
        if "_lying" in self.__dict__:
            return self._lying.get(number)
        found: Lying | None = None
        wheres = ["documents"]
        for path in places_of(self.texts, number):
            entry = self.texts.entry(path)
            if entry is not None and not entry.is_folder:
                found = Lying(self.texts, parse_path(path), entry)
            is_odd = entry is not None and entry.mode not in (FILE, EXECUTABLE)
            wheres.append(path if is_odd else path.rpartition("/")[0])
        for where in wheres:
            fault = self.texts.unreadable(where) or no_folder(self.texts, where)
            place = where if fault is None else fault.place.path or where
            lying = self.texts.entry(place)
            is_plain = lying is not None and lying.mode in (FILE, EXECUTABLE)
            if fault is not None and (place == "documents" or not is_plain):
                self.failing[place] = fault
        return found

    def text_path(self, number: str) -> str | None:
        """Where the working text of a number lies; None where there is none."""
        one = self._lies(number)
        return None if one is None else one.path

    def text(self, number: str) -> Document | None:
        """The working text of a number; None where there is none that can be read.

        Without what stands in it as signed and doesn't hold: its path is failing then.
        """
        if number not in self._texts:
            self._texts[number] = self._read(number)
        return self._texts[number]

    def _read(self, number: str) -> Document | None:
        one = self._lies(number)
        if one is None:
            return None
        for entry in self.register.released(number):
            if entry.blob == one.entry.id:
                return entry.document
        found = one.read()
        if isinstance(found, Finding):
            self.failing.setdefault(one.path, found)
            return None
        return self.proved(one.path, found)

    def proved(self, path: str, document: Document) -> Document:
        """The text at `path` without signed slots that don't hold; its path is failing then."""
        if self.register.revision(*document.key) is not None:
            return document  # the released one is shown, which was judged
        faults = broken_slots(self.effects.judge, document, self.register, self.at)
        if not faults:
            return document
        first = next(iter(faults.values()))
        self.failing.setdefault(path, first.at(path=path))
        return without(document, faults)

    def open_text(self, number: str) -> Document | None:
        """The working text of a number that is no released revision; None where there is none."""
        text = self.text(number)
        if text is None or self.register.revision(*text.key) is not None:
            return None
        return text

    def open_texts(self) -> Iterator[tuple[str, Document]]:
        """All of them, with where they lie, by path."""
        opened = ((card.open.lies_at, card.number) for card in self.cards if card.open)
        for path, number in sorted(opened):
            text = self.open_text(number)
            if text is not None:
                yield path, text

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Working texts that can't be shown, because they can't be read; `check` says why."""
        return tuple(card.unreadable for card in self.cards if card.unreadable)

    def open_status(self, document: Document) -> Status:
        """What a working text is by what it waits for; its own status word decides nothing.

        A draft where nobody can tell the chain that it was signed by: `check` says why.
        """
        try:
            rule = self.persons(document)
            earned_status(self.effects.judge, document, self.register)
        except Refused:
            return Status.DRAFT
        return round_status(rule, document, is_lost=self.is_lost(document))

    def revisions(self, number: str) -> tuple[str, ...]:
        """All revisions of a number, oldest first, an open one last."""
        names = [entry.document.revision for entry in self.register.released(number)]
        text = self.text(number)
        if text is not None and text.revision not in names:
            names.append(text.revision)
        return tuple(names)

    def revision(self, number: str, revision: str) -> Document:
        """The text of a revision, released or open. Raises `Refused` REVISION-UNKNOWN."""
        entry = self.named(number, revision)
        if entry is not None:
            return entry.document
        text = self.text(number)
        if text is not None and text.revision == revision:
            return text
        raise refused("REVISION-UNKNOWN", number=number, revision=revision,
                      known=", ".join(self.revisions(number)) or "-")  # fmt: skip

    # who signs

    def chain(self, document: Document) -> Chain:
        """Who must sign a text, under the policy: the one answer, whoever asks.

        Joined with the chain of what it follows, where class or owner changed. Raises `Refused`
        where a class has no chain.
        """
        return open_chain(self.effects, document, self.policy)

    def persons(self, document: Document) -> Persons:
        """Who of those may sign what, so that nobody counts in two steps and the chain can end.

        Raises `Refused` as `chain`.
        """
        known = self._rules.get(id(document))
        if known is None:
            rule = Persons.under(self.policy, self.chain(document))
            known = self._rules[id(document)] = document, rule
        return known[1]

    def is_lost(self, document: Document) -> bool:
        """Whether the round of a working text can only be ended: see `Effects.lost_signers`."""
        path = self.text_path(document.number)
        return path is not None and bool(self.effects.lost_signers(document, path))

    def waiting(self, document: Document) -> Waiting:
        """The open steps of a text in review, with the persons that each waits for."""
        try:
            rule = self.persons(document)
        except Refused:
            return ()  # a class without a chain is told by `check`
        return round_waiting(rule, document, is_lost=self.is_lost(document))

    # copies

    def held_copies(self, number: str) -> tuple[HeldCopy, ...]:
        """The numbered copies of all revisions of a number that are out."""
        if number not in self._held:
            self._held[number] = tuple(self.held(self, number))
        return self._held[number]

    def papers_out(self, number: str) -> Mapping[str, int]:
        """How many papers of each revision of a number are out; of others none."""
        found: Counter[str] = Counter()
        for one in self.held_copies(number):
            found[one.revision] += one.papers
        return found

    # on another day

    def as_of(self, day: date, number: str | None = None) -> Iterator[tuple[str, CardRow]]:
        """What was in force on `day`, by its number: of all numbers, or of one."""
        for card in self._asked(number):
            row = card.in_force(day)
            if row is not None:
                yield card.number, row

    def attested_on(self, day: date, number: str | None = None) -> Iterator[tuple[str, CardRow]]:
        """What papers say was in force on `day`, before it came into force here: it isn't proved.

        Of a number that began as legacy, from the day its paper names to that of its own release.
        """
        for card in self._asked(number):
            for row in (card.released[at] for at in card.effective[:1]):
                paper, effective = row.legacy, row.effective
                if paper is not None and effective and paper.effective <= day < effective:
                    yield card.number, row

    def _asked(self, number: str | None) -> Iterable[Card]:
        return self.cards if number is None else (self.card(number),)


def _packed_card(library: Library, number: str) -> Json:
    return card_of(library, number).packed()
